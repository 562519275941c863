using System.Runtime.CompilerServices;
using System.Text.Json;
using Serverless.Captures;
using Serverless.Storage;

namespace Serverless.Exports.Rows;

/// <summary>
/// Rows and reports on disk, in parts by the hash of the prediction's id, so that each part can be sorted and joined in memory, and the
/// parts one after the other are in order. The files have no names once they are open: whatever ends the process removes them. For one
/// export; disposed after it.
/// </summary>
internal sealed class RowSpool : IAsyncDisposable
{
    private const int PartBits = 7;
    private const int BufferBytes = 16 << 10;
    private const int MaxSkew = 16; // parts are as good as even; one that is not is no chance

    private readonly FileStream[] _parts;
    private readonly long _maxBytes;
    private long _bytes;

    private RowSpool(FileStream[] parts, long maxBytes) => (_parts, _maxBytes) = (parts, maxBytes);

    private static int PartCount => 1 << PartBits;

    public static RowSpool Open(ExportsOptions options)
    {
        Directory.CreateDirectory(options.SpoolFolder);
        return new RowSpool([.. Enumerable.Range(0, PartCount).Select(_ => OpenNameless(options.SpoolFolder))], options.MaxSpoolBytes);
    }

    /// <summary>A file that nobody else can open, and that is gone when it is closed, however that happens.</summary>
    public static FileStream OpenNameless(string folder)
    {
        FileStream file = new(
            Path.Combine(folder, Path.GetRandomFileName()),
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.Delete,
            BufferBytes
        );
        File.Delete(file.Name);
        return file;
    }

    /// <exception cref="ExportTooLargeException">There is no room left.</exception>
    public Task AddAsync(ExportRow row, CancellationToken cancellationToken) =>
        WriteAsync(PredictionHash.Of(row.Id, HashPurpose.Exports), new SpooledLine(row, null), cancellationToken);

    /// <exception cref="ExportTooLargeException">There is no room left.</exception>
    public Task AddAsync(ReportedRow report, CancellationToken cancellationToken) =>
        WriteAsync(PredictionHash.Of(report.Id, HashPurpose.Exports), new SpooledLine(null, report), cancellationToken);

    /// <summary>Joined, in the order of the hashes, each prediction once.</summary>
    public async IAsyncEnumerable<JoinedRow> ReadAsync(LeftOut leftOut, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (FileStream part in _parts)
        {
            PartJoin join = new(leftOut);
            part.Position = 0;
            using StreamReader lines = new(part, leaveOpen: true);
            while (await lines.ReadLineAsync(cancellationToken) is { } line)
            {
                join.Add(line, JsonSerializer.Deserialize<SpooledLine>(line, StoredJson.Options)!);
            }
            foreach (JoinedRow row in join.Finish())
            {
                yield return row;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (FileStream part in _parts)
        {
            await part.DisposeAsync();
        }
    }

    private async Task WriteAsync(ulong hash, SpooledLine line, CancellationToken cancellationToken)
    {
        FileStream part = _parts[hash >> (64 - PartBits)];
        byte[] json = [.. JsonSerializer.SerializeToUtf8Bytes(line, StoredJson.Options), (byte)'\n'];
        _bytes += json.Length;
        if (_bytes > _maxBytes || part.Position + json.Length > Math.Max(_maxBytes * MaxSkew / PartCount, BufferBytes))
        {
            throw new ExportTooLargeException(
                $"What is asked for takes more than the {_maxBytes:N0} bytes that an export may take on disk (Exports:MaxSpoolBytes); "
                    + "ask for a smaller share, a shorter window, or without embeddings."
            );
        }
        await part.WriteAsync(json, cancellationToken);
    }
}

/// <summary>One of the two.</summary>
internal sealed record SpooledLine(ExportRow? Row, ReportedRow? Report);
