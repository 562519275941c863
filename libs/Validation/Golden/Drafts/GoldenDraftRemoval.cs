namespace Serverless.Validation.Golden.Drafts;

/// <summary>Removes drafts with their pictures, but for those that a set or another draft mentions. May be repeated. Thread-safe.</summary>
public sealed class GoldenDraftRemoval(GoldenDrafts drafts, GoldenPictures pictures)
{
    /// <summary>False where there is none.</summary>
    public async Task<bool> RemoveAsync(string id, CancellationToken cancellationToken)
    {
        BinaryData? lines = await drafts.FindLinesAsync(id, cancellationToken);
        string[] media = lines is null ? [] : [.. GoldenReader.Parse(lines.ToMemory()).Select(item => item.Media).OfType<string>()];
        bool isThere = await drafts.RemoveAsync(id, cancellationToken);
        await pictures.ReleaseAsync(media, apartFrom: null, cancellationToken);
        return isThere;
    }

    /// <summary>Those at which nobody has looked since then, and what is left of drawing that was interrupted before it.</summary>
    /// <returns>How many went.</returns>
    public async Task<int> RemoveOldAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        GoldenDraft[] old = [.. (await drafts.ListAsync(cancellationToken)).Items.Where(draft => draft.LastTouched() < before)];
        IReadOnlyList<string> interrupted = await drafts.ListInterruptedAsync(before, cancellationToken);
        int removed = 0;
        foreach (string id in old.Select(draft => draft.Id).Concat(interrupted))
        {
            removed += await RemoveAsync(id, cancellationToken) ? 1 : 0;
        }
        return removed;
    }
}
