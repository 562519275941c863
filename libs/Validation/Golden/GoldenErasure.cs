using System.Text;
using System.Text.Json;
using Serverless.Storage;
using Serverless.Validation.Golden.Drafts;

namespace Serverless.Validation.Golden;

/// <summary>
/// Takes the items that were drawn from an asset out of all golden sets and drafts once it is erased, and their pictures with them. A set
/// never changes: the rest is stored as another, by which environments judge from then on. Thread-safe.
/// </summary>
public sealed class GoldenErasure(GoldenSets golden, GoldenDrafts drafts, GoldenPictures pictures)
{
    /// <summary>
    /// The sets that were removed, as scope/digest. May be repeated: what still mentions a picture is deleted after the picture, so that a
    /// later try finds all that an interrupted one left.
    /// </summary>
    /// <exception cref="InvalidDataException">A set was changed in the storage, so that it is not sure what it holds.</exception>
    public async Task<IReadOnlyList<string>> RemoveAsync(string asset, string by, CancellationToken cancellationToken)
    {
        List<(string Scope, string Digest)> removed = [];
        HashSet<string> media = [];
        await foreach ((string scope, string digest) in golden.ListStoredAsync(cancellationToken))
        {
            if (Sift(await golden.FindLinesAsync(scope, digest, cancellationToken), asset) is { } set)
            {
                await golden.MoveAsync(scope, digest, set.Others, set.Items, by, cancellationToken);
                removed.Add((scope, digest));
                media.UnionWith(set.Pictures);
            }
        }
        List<(string Draft, ReadOnlyMemory<byte> Others)> reviewed = [];
        foreach (string draft in await drafts.ListStoredAsync(cancellationToken))
        {
            if (Sift(await drafts.FindLinesAsync(draft, cancellationToken), asset) is { } items)
            {
                reviewed.Add((draft, items.Others));
                media.UnionWith(items.Pictures);
            }
        }
        await pictures.ReleaseAsync(media, apartFrom: asset, cancellationToken);
        foreach ((string scope, string digest) in removed)
        {
            await golden.DeleteAsync(scope, digest, cancellationToken);
        }
        foreach ((string draft, ReadOnlyMemory<byte> others) in reviewed)
        {
            await drafts.ReplaceAsync(draft, others, cancellationToken);
        }
        return [.. removed.Select(set => $"{set.Scope}/{set.Digest}")];
    }

    /// <summary>
    /// The lines that are of other origin as they are, how many items they are, and the pictures of the rest. Null where nothing is of the
    /// asset, or another erasure removed all of it meanwhile.
    /// </summary>
    private static Sifted? Sift(BinaryData? lines, string asset)
    {
        if (lines is null || lines.ToMemory().Span.IndexOf(Encoding.UTF8.GetBytes(asset)) < 0)
        {
            return null;
        }
        using MemoryStream others = new(lines.ToMemory().Length);
        HashSet<string> media = [];
        int items = 0;
        bool isOfIt = false;
        foreach ((_, ReadOnlyMemory<byte> line) in GoldenReader.Split(lines))
        {
            GoldenItem item = JsonSerializer.Deserialize<GoldenItem>(line.Span, StoredJson.Options)!;
            if (item.Asset == asset)
            {
                isOfIt = true;
                media.UnionWith(GoldenSets.PicturesOf(item));
                continue;
            }
            items++;
            others.Write(line.Span);
            others.WriteByte((byte)'\n');
        }
        return isOfIt ? new Sifted(others.ToArray(), items, media) : null;
    }

    private sealed record Sifted(ReadOnlyMemory<byte> Others, int Items, IReadOnlySet<string> Pictures);
}
