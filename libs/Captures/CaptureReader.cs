using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Serverless.Storage;

namespace Serverless.Captures;

/// <summary>Reads captured lines of a window of time, one by one in bounded memory. Thread-safe.</summary>
public sealed class CaptureReader(IObjectStore store, ILogger<CaptureReader> log)
{
    /// <summary>A longer window is asked for in parts.</summary>
    public static readonly TimeSpan MaxWindow = TimeSpan.FromDays(31);

    private const int MaxLineBytes = 1 << 20;
    private const int MaxDamagedLines = 10_000; // each takes as long as many sound ones; a file with more is none of ours
    private const long MaxFileBytes = 1L << 30; // of lines, uncompressed: 128 times what the writer puts into one

    /// <summary>
    /// The files of a model's version with lines from <paramref name="from"/> up to, not including, <paramref name="until"/>, by the hour;
    /// whoever looks again and again remembers the paths that it has read.
    /// </summary>
    public async IAsyncEnumerable<CapturePath> ListAsync(
        string model,
        int version,
        DateTimeOffset from,
        DateTimeOffset until,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        if (until - from > MaxWindow)
        {
            throw new ArgumentOutOfRangeException(
                nameof(until),
                $"The window from {from:O} to {until:O} has {(until - from).TotalDays:0.#} days; allowed are {MaxWindow.TotalDays}."
            );
        }
        for (DateTimeOffset hour = CapturePath.HourOf(from); hour < until; hour += TimeSpan.FromHours(1))
        {
            await foreach (StoredObject found in store.ListAsync(CapturePath.FolderOf(model, version, hour), cancellationToken))
            {
                if (CapturePath.Read(found.Path, hour) is { } path && path.Last >= Milliseconds(from) && path.First < until)
                {
                    yield return path;
                }
            }
        }
    }

    /// <summary>The window's lines, file after file. Damaged lines are logged and left out.</summary>
    public async IAsyncEnumerable<CaptureRecord> ReadAsync(
        string model,
        int version,
        DateTimeOffset from,
        DateTimeOffset until,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (CapturePath path in ListAsync(model, version, from, until, cancellationToken))
        {
            await foreach (CaptureRecord record in ReadAsync(path.Path, cancellationToken))
            {
                if (record.Time >= from && record.Time < until)
                {
                    yield return record;
                }
            }
        }
    }

    /// <summary>All lines of a file that can be read; damage is logged.</summary>
    public IAsyncEnumerable<CaptureRecord> ReadAsync(string path, CancellationToken cancellationToken) =>
        ReadAsync(path, damaged: null, cancellationToken);

    /// <param name="damaged">Told of each damaged line, which is left out, and of damage that ends the file.</param>
    public async IAsyncEnumerable<CaptureRecord> ReadAsync(
        string path,
        Action<CaptureDamage>? damaged,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await using Stream content = await store.OpenAsync(path, version: null, 0, cancellationToken);
        await using GZipStream lines = new(content, CompressionMode.Decompress);
        PipeReader reader = PipeReader.Create(lines);
        DamageLog damages = new(path, damaged, log);
        long left = MaxFileBytes;
        for (long number = 1; await NextAsync(reader, left, cancellationToken) is { } line; number++)
        {
            left -= line.Bytes;
            if (left < 0)
            {
                damages.Add(new CaptureDamage(number, $"more than {MaxFileBytes:N0} bytes of lines", EndsFile: true));
                break;
            }
            bool endsFile = line.IsLast || damages.Lines == MaxDamagedLines;
            if (line.Fault is { } fault)
            {
                damages.Add(new CaptureDamage(number, fault, endsFile));
            }
            if (line.Record is { } record)
            {
                yield return record;
            }
            if (line.IsLast || (endsFile && line.Fault is not null))
            {
                break;
            }
        }
        damages.Finish();
        await reader.CompleteAsync();
    }

    private static DateTimeOffset Milliseconds(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMillisecond));

    /// <summary>Null at the end. A line that cannot be read is skipped; nothing follows where the file itself is damaged.</summary>
    private static async Task<Line?> NextAsync(PipeReader reader, long left, CancellationToken cancellationToken)
    {
        long skipped = 0; // of a line that is too long to be kept
        try
        {
            while (true)
            {
                ReadResult result = await reader.ReadAsync(cancellationToken);
                ReadOnlySequence<byte> buffer = result.Buffer;
                if (buffer.PositionOf((byte)'\n') is { } end)
                {
                    Line line = skipped > 0 ? TooLong(skipped) : Parse(buffer.Slice(0, end));
                    reader.AdvanceTo(buffer.GetPosition(1, end));
                    return line;
                }
                if (buffer.Length > MaxLineBytes || skipped > 0)
                {
                    skipped += buffer.Length;
                    buffer = buffer.Slice(buffer.End);
                }
                if (result.IsCompleted || skipped > left)
                {
                    return skipped > 0 ? TooLong(skipped) with { IsLast = true }
                        : buffer.IsEmpty ? null
                        : new Line(null, buffer.Length, $"{buffer.Length} bytes after the last line", IsLast: true);
                }
                reader.AdvanceTo(buffer.Start, buffer.End);
            }
        }
        catch (InvalidDataException e)
        {
            return new Line(null, 0, e.Message, IsLast: true);
        }
    }

    private static Line TooLong(long bytes) => new(null, bytes, $"a line of more than {MaxLineBytes:N0} bytes");

    private static Line Parse(ReadOnlySequence<byte> text)
    {
        try
        {
            Utf8JsonReader json = new(text);
            CaptureRecord? record = JsonSerializer.Deserialize<CaptureRecord>(ref json, CaptureJson.Options);
            return new Line(record, text.Length, record is null ? "A line is null." : null);
        }
        catch (JsonException e)
        {
            return new Line(null, text.Length, e.Message);
        }
    }

    private sealed record Line(CaptureRecord? Record, long Bytes, string? Fault, bool IsLast = false);
}
