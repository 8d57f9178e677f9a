"""Every knob of the guide: its default, its unit and its environment name (WMAI_ and the field's name in capitals)."""

import hashlib
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Built once at the edge (command line, server, test) and passed down; nothing reads the environment later."""

    model_config = SettingsConfigDict(env_prefix="WMAI_", env_file=".env", frozen=True, extra="ignore")

    store: Path = Field(Path(".wmai"), description="Folder that holds the index: Chroma, library.db, manifest.json.")
    corpus: Path = Field(Path("corpus"), description="Folder of briefings that `wmai index` reads by default.")

    embed_model: str = Field(
        "all-MiniLM-L6-v2",
        description="Embedding model: `all-MiniLM-L6-v2` (bundled) or a sentence-transformers name or folder.",
    )
    embed_int8: bool = Field(
        False, description="Serve the embedding model in int8: faster, finds slightly other passages."
    )
    embed_query_prefix: str = Field(
        "", description="Put before questions for the embedding model; empty: what the model itself names, if anything."
    )
    embed_passage_prefix: str = Field("", description="The same for passages, such as `passage: ` for the E5 models.")
    embed_threads: int = Field(2, ge=1, le=64, description="Processor threads for the embedding model.")
    embed_batch: int = Field(8, ge=1, le=512, description="Texts embedded at once.")

    chunk_tokens: int = Field(120, ge=32, le=2000, description="Upper bound of a passage in cl100k_base tokens.")
    chunk_overlap_sentences: int = Field(0, ge=0, le=5, description="Sentences a passage repeats from the one before.")

    candidate_passages: int = Field(50, ge=5, le=500, description="Passages each retriever puts forward for fusion.")
    hit_passages: int = Field(10, ge=1, le=100, description="Passages kept after fusion and shown as hits.")

    read_sentences: int = Field(
        24, ge=1, le=500, description="Sentences that the neural reader looks at for one question."
    )

    question_chars_max: int = Field(1000, ge=50, le=100_000, description="Longest question accepted, in characters.")
    answer_sentences_max: int = Field(5, ge=1, le=20, description="Most sentences in an answer that is not a list.")

    llm: str = Field(
        "", description="Chat model as provider:model, such as openai:gpt-5-mini or local:smollm2; empty for none."
    )
    llm_base_url: str = Field("", description="Address of the chat model's server, where it is not the provider's own.")
    llm_api_key: SecretStr = Field(SecretStr(""), description="Key for the chat model; never logged or shown.")
    llm_timeout_s: float = Field(30.0, gt=0, le=600, description="Seconds for a chat model's whole reply.")
    llm_temperature: float = Field(0.0, ge=0, le=2, description="Sampling temperature of the chat model.")
    llm_context_tokens: int = Field(
        4096, ge=1024, le=2_000_000, description="Tokens that a prompt and its reply may take together."
    )
    llm_answer_tokens: int = Field(400, ge=16, le=8192, description="Most tokens of a chat model's reply.")
    llm_passages: int = Field(6, ge=1, le=100, description="Most passages that a chat model is shown.")
    llm_prompt: Literal["", "full", "short"] = Field(
        "",
        description="Prompt of a chat model: full, or short for small ones (fewer sentences, an example, markers "
        "enforced where this machine serves the model). Empty: short for local: models, full for others.",
    )
    llm_cached_answers: int = Field(256, ge=0, le=100_000, description="Answers of a chat model kept in memory.")
    llm_prompt_price: float = Field(0.0, ge=0, description="Price of a million prompt tokens, for Answer.usage.")
    llm_completion_price: float = Field(0.0, ge=0, description="Price of a million reply tokens, for Answer.usage.")
    llm_threads: int = Field(2, ge=1, le=256, description="Processor threads for a local chat model.")

    log_unanswered: bool = Field(
        True, description="Keep questions that the sources could not answer, for staff to read."
    )

    kept_answers_max: int = Field(
        10_000, ge=0, le=10_000_000, description="Answers kept under an address of their own; the oldest go first."
    )
    kept_answers_days: int = Field(
        730, ge=0, le=36_500, description="Days for which an answer is kept under its address; 0: without end."
    )

    fetch_allow_loopback: bool = Field(
        False, description="Let pages be fetched from this machine itself; for tests, never for a server."
    )
    fetch_bytes_max: int = Field(
        25_000_000,
        ge=1024,
        le=1_000_000_000,
        description="Largest page or file fetched or uploaded, in bytes, unpacked.",
    )
    fetch_timeout_s: float = Field(30.0, gt=0, le=600, description="Seconds that one page may take altogether.")
    fetch_interval_s: float = Field(1.0, ge=0, le=600, description="Seconds between two requests to the same site.")
    fetch_retry_after_max_s: float = Field(
        30.0,
        ge=0,
        le=3600,
        description="Longest wait, in seconds, that a site may ask for before its page is given up.",
    )
    fetch_urls_max: int = Field(
        500, ge=1, le=100_000, description="Most pages taken from the feeds, sitemaps and lists of one run."
    )
    fetch_user_agent: str = Field(
        "wmai/0.1",
        min_length=1,
        max_length=200,
        pattern=r"^[\x20-\x7e]+$",
        description="What fetches call themselves; add an address at which site owners can reach you.",
    )

    staff_password_hash: SecretStr = Field(
        SecretStr(""), description="Opens /staff to who knows the password: a line from `wmai staff hash-password`."
    )
    staff_token_hash: SecretStr = Field(
        SecretStr(""),
        description="Opens /api/staff to who sends the bearer token: a line from `wmai staff new-token`.",
    )

    host: str = Field("127.0.0.1", description="Address the server listens on.")
    port: int = Field(7860, ge=0, le=65535, description="Port the server listens on.")
    concurrency: int = Field(4, ge=1, le=256, description="Questions the server works on at the same time.")
    request_bytes_max: int = Field(262_144, ge=4096, description="Largest HTTP request body accepted, in bytes.")
    embed_origins: str = Field(
        "",
        description="Sites that may embed the widget: exact origins, apart by spaces or commas; after an origin may "
        "stand the themes it is answered from, as in https://a.uk=funding+skills. None: this server's own pages only.",
    )
    embed_enabled: bool = Field(True, description="Whether widgets are answered; false is the kill switch.")
    rate_client_minute: int = Field(120, ge=0, description="Questions a minute from one address; 0: no limit.")
    rate_client_day: int = Field(5_000, ge=0, description="Questions a day from one address; 0: no limit.")
    rate_origin_minute: int = Field(1_200, ge=0, description="Questions a minute from one embedding site; 0: no limit.")
    rate_origin_day: int = Field(50_000, ge=0, description="Questions a day from one embedding site; 0: no limit.")
    request_timeout_s: float = Field(60.0, gt=0, le=3600, description="Seconds that one answer may take over HTTP.")
    stream_heartbeat_s: float = Field(
        15.0, gt=0, le=300, description="Seconds of silence after which a stream sends a sign of life."
    )
    stream_resume_s: float = Field(
        60.0, ge=1, le=3600, description="Seconds for which a broken stream can be taken up again."
    )
    lock_timeout_s: float = Field(0.0, ge=0, description="Seconds to wait for another process that is indexing.")

    @property
    def llm_prompt_short(self) -> bool:
        """Whether a chat model gets the short prompt."""
        return self.llm_prompt == "short" or (not self.llm_prompt and self.llm.startswith("local:"))

    def index_digest(self) -> str:
        """Twelve hex digits of the settings that an index depends on; another digest means another index."""
        parts = (self.embed_model, str(self.embed_int8), str(self.chunk_tokens), str(self.chunk_overlap_sentences))
        # Prefixes count where they are set, so that indexes made before there were any go on fitting.
        prefixes = (self.embed_query_prefix, self.embed_passage_prefix)
        return hashlib.sha256("\x1f".join(parts + prefixes * any(prefixes)).encode()).hexdigest()[:12]
