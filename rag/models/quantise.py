"""Weights to int8."""

from pathlib import Path


def quantise(raw: Path, target: Path) -> None:
    """Write an int8 copy of the ONNX model `raw`; it has to be one whose operators were not fused.

    Reduced range, because processors without VNNI overflow 16-bit sums otherwise.
    """
    # onnxruntime's quantiser imports onnx, which only an export needs.
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.shape_inference import quant_pre_process

    prepared = raw.with_name("prepared.onnx")
    quant_pre_process(str(raw), str(prepared), skip_symbolic_shape=True)
    quantize_dynamic(str(prepared), str(target), weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
    prepared.unlink()
