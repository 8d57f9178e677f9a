// Dates in words, as the server writes them.

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
  "November", "December"];

/** "2023-06-20" as "20 June 2023", "2023-06" as "June 2023", a year as it is, nothing as "undated". */
export function date(value) {
  if (!value) return "undated";
  const [year, month, day] = String(value).split("-");
  const name = MONTHS[Number(month) - 1];
  return [day && name ? String(Number(day)) : "", name ?? "", name ? year : String(value)].filter(Boolean).join(" ");
}
