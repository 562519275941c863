using System.Text;
using Serverless.Storage;
using Serverless.Validation.Golden.Drafts;

namespace Serverless.Validation.Golden;

/// <summary>Deletes pictures that nothing mentions any more: they are stored once for all sets and drafts. Thread-safe.</summary>
public sealed class GoldenPictures(GoldenSets golden, GoldenDrafts drafts)
{
    /// <summary>May be repeated.</summary>
    /// <param name="apartFrom">Items that were drawn from this asset do not count; null where all do.</param>
    public async Task ReleaseAsync(IEnumerable<string> media, string? apartFrom, CancellationToken cancellationToken)
    {
        HashSet<string> unmentioned = [.. media];
        await foreach ((string scope, string digest) in golden.ListStoredAsync(cancellationToken))
        {
            if (unmentioned.Count == 0)
            {
                return;
            }
            Keep(unmentioned, await golden.FindLinesAsync(scope, digest, cancellationToken), apartFrom);
        }
        foreach (string draft in await drafts.ListStoredAsync(cancellationToken))
        {
            Keep(unmentioned, await drafts.FindLinesAsync(draft, cancellationToken), apartFrom);
        }
        foreach (string picture in unmentioned)
        {
            await golden.DeleteMediaAsync(picture, cancellationToken);
        }
    }

    private static void Keep(HashSet<string> unmentioned, BinaryData? lines, string? apartFrom)
    {
        if (lines is null || !unmentioned.Any(picture => lines.ToMemory().Span.IndexOf(Encoding.ASCII.GetBytes(picture)) >= 0))
        {
            return;
        }
        foreach (GoldenItem item in GoldenReader.Parse(lines.ToMemory()).Where(item => apartFrom is null || item.Asset != apartFrom))
        {
            unmentioned.ExceptWith(GoldenSets.PicturesOf(item));
        }
    }
}
