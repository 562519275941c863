using Serverless.Captures;
using Serverless.Drift.Observations;
using Serverless.Storage;

namespace Serverless.Drift.Summaries;

/// <summary>
/// Keeps a summary of each hour of captures, which stays when the captures are deleted. Each file is read once: what comes late is added.
/// Thread-safe; where two bring the same hour up to date at once, one of them does it again.
/// </summary>
public sealed class HourSummaries(IObjectStore store, CaptureReader captures, TimeProvider time)
{
    /// <summary>Files that come this long after an hour's end are late; writers try for as long to bring theirs (GiveUpAfter).</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(15);

    /// <summary>Null of an hour in which nothing was captured.</summary>
    public async Task<HourSummary?> UpdateAsync(string model, int version, DateTimeOffset hour, CancellationToken cancellationToken)
    {
        List<CapturePath> files = [];
        await foreach (CapturePath file in captures.ListAsync(model, version, hour, hour.AddHours(1), cancellationToken))
        {
            files.Add(file);
        }
        StoredDocument<HourSummary> document = HourSummary.DocumentOf(store, model, version, hour, time);
        if (files.Count == 0)
        {
            return (await document.ReadAsync(cancellationToken))?.Value;
        }
        Stored<HourSummary>? stands = await document.UpdateAsync(
            async (before, token) => await AddAsync(before?.Value, hour, files, token),
            cancellationToken
        );
        return stands?.Value;
    }

    /// <summary>After lines were removed from an hour's captures: it is summed up anew when somebody asks for it next.</summary>
    public Task ForgetAsync(string model, int version, DateTimeOffset hour, CancellationToken cancellationToken) =>
        store.DeleteAsync(DriftLayout.HourOf(model, version, hour), cancellationToken);

    /// <summary>The same summary where it has all files.</summary>
    private async Task<HourSummary?> AddAsync(
        HourSummary? before,
        DateTimeOffset hour,
        IReadOnlyList<CapturePath> files,
        CancellationToken cancellationToken
    )
    {
        HashSet<string> known = [.. before?.Files ?? []];
        CapturePath[] added = [.. files.Where(file => !known.Contains(NameOf(file)))];
        if (added.Length == 0)
        {
            return before;
        }
        HourDraft draft = new(hour, before?.Environments.Keys ?? []);
        foreach (CapturePath file in added)
        {
            await foreach (CaptureRecord line in captures.ReadAsync(file.Path, damage => draft.Damage(file, damage), cancellationToken))
            {
                draft.Add(file, line);
            }
        }
        if (before is not null && time.GetUtcNow() > hour.AddHours(1) + Grace)
        {
            draft.AddLate(added);
        }
        return new HourSummary(
            hour,
            [.. known, .. added.Select(NameOf)],
            (before?.Faults ?? CaptureFaults.None).Add(draft.Faults),
            draft.MergeWith(before?.Environments)
        );
    }

    private static string NameOf(CapturePath file) => file.Path[(file.Path.LastIndexOf('/') + 1)..];
}
