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

    /// <summary>The window's lines, file after file. A damaged file is logged and ends where it is damaged.</summary>
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

    /// <summary>All lines of a file; of a damaged one, which is logged, those before the damage.</summary>
    public IAsyncEnumerable<CaptureRecord> ReadAsync(string path, CancellationToken cancellationToken) =>
        ReadAsync(path, damaged: null, cancellationToken);

    /// <param name="damaged">Told what is wrong with a damaged file.</param>
    public async IAsyncEnumerable<CaptureRecord> ReadAsync(
        string path,
        Action<string>? damaged,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await using Stream content = await store.OpenAsync(path, version: null, 0, cancellationToken);
        await using GZipStream lines = new(content, CompressionMode.Decompress);
        PipeReader reader = PipeReader.Create(lines);
        long read = 0;
        while (await NextAsync(path, reader, damaged, cancellationToken) is { } line)
        {
            if ((read += line.Bytes) > MaxFileBytes)
            {
                string fault = $"more than {MaxFileBytes:N0} bytes of lines";
                log.FileDamaged(path, fault);
                damaged?.Invoke(fault);
                yield break;
            }
            yield return line.Record;
        }
        await reader.CompleteAsync();
    }

    private static DateTimeOffset Milliseconds(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMillisecond));

    private async Task<Line?> NextAsync(string path, PipeReader reader, Action<string>? damaged, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                ReadResult result = await reader.ReadAsync(cancellationToken);
                ReadOnlySequence<byte> buffer = result.Buffer;
                if (buffer.PositionOf((byte)'\n') is { } end)
                {
                    Line line = Parse(buffer.Slice(0, end));
                    reader.AdvanceTo(buffer.GetPosition(1, end));
                    return line;
                }
                if (buffer.Length > MaxLineBytes)
                {
                    throw new InvalidDataException($"a line of more than {MaxLineBytes:N0} bytes");
                }
                if (result.IsCompleted)
                {
                    return buffer.IsEmpty ? null : throw new InvalidDataException($"{buffer.Length} bytes after the last line");
                }
                reader.AdvanceTo(buffer.Start, buffer.End);
            }
        }
        catch (Exception e) when (e is InvalidDataException or JsonException)
        {
            log.FileDamaged(path, e.Message);
            damaged?.Invoke(e.Message);
            return null;
        }
    }

    private static Line Parse(ReadOnlySequence<byte> text)
    {
        Utf8JsonReader json = new(text);
        return new Line(
            JsonSerializer.Deserialize<CaptureRecord>(ref json, CaptureJson.Options) ?? throw new JsonException("A line is null."),
            text.Length
        );
    }

    private sealed record Line(CaptureRecord Record, long Bytes);
}
