using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Serverless.Runs;

/// <summary>
/// Texts that many entries have: names, stages, most statuses and outputs. Each is decoded once and lies in memory once, nearly always: one
/// that takes another's place has it decoded again. Thread-safe.
/// </summary>
internal sealed class SharedTexts
{
    private const int Places = 4_096;
    private const int MaxBytes = 1_024;
    private const ulong Odd = 0x9E37_79B9_7F4A_7C15; // 2^64 by the golden ratio, as Fibonacci hashing takes it

    private readonly Held?[] _held = new Held?[Places];

    // What one run alone has, as many custom statuses are, takes no place: kept is what comes twice while nothing else comes there.
    private readonly uint[] _seen = new uint[Places];

    /// <summary>The string that a reader over one span stands at; null where it stands at a null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public string? Read(ref Utf8JsonReader reader)
    {
        ReadOnlySpan<byte> written = reader.ValueSpan;
        if (reader.TokenType != JsonTokenType.String || written.Length > MaxBytes)
        {
            return reader.GetString();
        }
        uint hash = HashOf(written);
        uint place = hash % Places;
        if (_held[place] is { } held && written.SequenceEqual(held.Written))
        {
            return held.Text;
        }
        string text = reader.GetString()!;
        if (_seen[place] == hash)
        {
            _held[place] = new Held(written.ToArray(), text);
        }
        _seen[place] = hash;
        return text;
    }

    private static uint HashOf(ReadOnlySpan<byte> written)
    {
        ulong hash = (ulong)written.Length;
        for (; written.Length >= sizeof(ulong); written = written[sizeof(ulong)..])
        {
            hash = BitOperations.RotateLeft(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(written), 29) * Odd;
        }
        foreach (byte one in written)
        {
            hash = BitOperations.RotateLeft(hash ^ one, 29) * Odd;
        }
        return (uint)(hash >> 32);
    }

    /// <param name="Written">As JSON writes it, without its quotes.</param>
    private sealed record Held(byte[] Written, string Text);
}
