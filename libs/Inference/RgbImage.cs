namespace Serverless.Inference;

/// <summary>Decoded pixels: 8-bit red, green, blue, rows packed from the top.</summary>
public readonly record struct RgbImage(ReadOnlyMemory<byte> Rgb, int Width, int Height);
