using System.Text;
using System.Text.Json;
using Serverless.Storage;

namespace Serverless.Validation.Golden;

/// <summary>
/// Takes the items that were drawn from an asset out of all golden sets once it is erased. A set never changes: the rest is stored as
/// another, by which environments judge from then on. Thread-safe.
/// </summary>
public sealed class GoldenErasure(GoldenSets golden)
{
    /// <summary>The sets that were removed, as scope/digest. May be repeated.</summary>
    /// <exception cref="InvalidDataException">A set was changed in the storage, so that it is not sure what it holds.</exception>
    public async Task<IReadOnlyList<string>> RemoveAsync(string asset, string by, CancellationToken cancellationToken)
    {
        List<string> removed = [];
        await foreach ((string scope, string digest) in golden.ListStoredAsync(cancellationToken))
        {
            ReadOnlyMemory<byte> lines = await FindAsync(scope, digest, cancellationToken);
            if (lines.Span.IndexOf(Encoding.UTF8.GetBytes(asset)) < 0)
            {
                continue;
            }
            (ReadOnlyMemory<byte> others, int items, int dropped) = Sift(lines.Span, asset);
            if (dropped > 0)
            {
                await golden.ReplaceAsync(scope, digest, others, items, by, cancellationToken);
                removed.Add($"{scope}/{digest}");
            }
        }
        return removed;
    }

    /// <summary>Empty where another erasure removed it meanwhile.</summary>
    private async Task<ReadOnlyMemory<byte>> FindAsync(string scope, string digest, CancellationToken cancellationToken)
    {
        try
        {
            return await golden.ReadAsync(scope, digest, cancellationToken);
        }
        catch (GoldenException e) when (e.Fault == GoldenFault.Missing)
        {
            return default;
        }
    }

    /// <summary>The lines that are of other origin as they are, and how many items they are.</summary>
    private static (ReadOnlyMemory<byte> Others, int Items, int Dropped) Sift(ReadOnlySpan<byte> lines, string asset)
    {
        using MemoryStream others = new(lines.Length);
        int items = 0;
        int dropped = 0;
        foreach (Range range in lines.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = lines[range].Trim(" \r\t"u8);
            if (line.IsEmpty)
            {
                continue;
            }
            if (JsonSerializer.Deserialize<GoldenItem>(line, StoredJson.Options)!.Asset == asset)
            {
                dropped++;
                continue;
            }
            items++;
            others.Write(line);
            others.WriteByte((byte)'\n');
        }
        return (others.ToArray(), items, dropped);
    }
}
