using Serverless.Drift.Summaries;
using Serverless.Storage;

namespace Serverless.Drift.Checks;

/// <summary>References, evidence and reports in the object store. Thread-safe.</summary>
public sealed class DriftStore(IObjectStore store, TimeProvider time)
{
    private const int MaxReportBytes = 16 << 20;
    private const int MaxEvidenceBytes = 8 << 20;

    public async Task<PinnedReference?> FindReferenceAsync(DriftSubject subject, CancellationToken cancellationToken) =>
        (await ReferenceOf(subject).ReadAsync(cancellationToken))?.Value;

    /// <summary>Of two who pin at once, the later holds.</summary>
    public Task PinAsync(DriftSubject subject, PinnedReference reference, CancellationToken cancellationToken) =>
        ReferenceOf(subject).UpdateAsync(_ => reference, cancellationToken);

    /// <summary>What was pinned before stays, where there is something.</summary>
    /// <param name="instead">That alone is replaced; null for nothing.</param>
    public Task PinFirstAsync(
        DriftSubject subject,
        PinnedReference reference,
        PinnedReference? instead,
        CancellationToken cancellationToken
    ) =>
        ReferenceOf(subject)
            .UpdateAsync(
                before => before is null || (before.By is null && before.At == instead?.At) ? reference : before,
                cancellationToken
            );

    /// <summary>What a version answered to a golden set; null before it was asked.</summary>
    public async Task<StoredWindow?> FindGoldenAsync(DriftSubject subject, string digest, CancellationToken cancellationToken) =>
        (await GoldenOf(subject, digest).ReadAsync(cancellationToken))?.Value;

    public Task KeepGoldenAsync(DriftSubject subject, string digest, StoredWindow golden, CancellationToken cancellationToken) =>
        GoldenOf(subject, digest).UpdateAsync(before => before ?? golden, cancellationToken);

    public async Task<DriftEvidence> ReadEvidenceAsync(
        DriftSubject subject,
        DriftReference reference,
        CancellationToken cancellationToken
    ) => (await EvidenceOf(subject, reference).ReadAsync(cancellationToken))?.Value ?? DriftEvidence.None;

    /// <summary>A look that counts already changes nothing.</summary>
    public Task AddEvidenceAsync(
        DriftSubject subject,
        DriftReference reference,
        string look,
        IReadOnlyDictionary<string, double> sums,
        CancellationToken cancellationToken
    ) =>
        EvidenceOf(subject, reference)
            .UpdateAsync(before => before?.Has(look) == true ? before : (before ?? DriftEvidence.None).With(look, sums), cancellationToken);

    /// <summary>After another window was pinned, earlier looks say nothing of it.</summary>
    public Task ForgetEvidenceAsync(DriftSubject subject, CancellationToken cancellationToken) =>
        EvidenceOf(subject, DriftReference.Pinned)
            .UpdateAsync(
                before => before is null ? null : before with { Sums = new Dictionary<string, double>(), Unseen = null },
                cancellationToken
            );

    public async Task<DriftReport?> FindReportAsync(DriftSubject subject, string name, CancellationToken cancellationToken) =>
        (await ReportOf(subject, name).ReadAsync(cancellationToken))?.Value;

    /// <summary>What stands then: the first that was written.</summary>
    public async Task<DriftReport> AddReportAsync(DriftSubject subject, DriftReport report, CancellationToken cancellationToken) =>
        (await ReportOf(subject, report.Name).UpdateAsync(before => before ?? report, cancellationToken))!.Value;

    public Task DecideAsync(
        DriftSubject subject,
        string name,
        IReadOnlyList<DriftDecision> decisions,
        CancellationToken cancellationToken
    ) =>
        ReportOf(subject, name)
            .UpdateAsync(
                report => report is null || report.Decisions.Count > 0 ? report : report with { Decisions = decisions },
                cancellationToken
            );

    /// <summary>Names of a version's reports, the newest window first.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(DriftSubject subject, int limit, CancellationToken cancellationToken)
    {
        string folder = DriftLayout.ReportsOf(subject);
        SortedSet<string> newest = new(StringComparer.Ordinal);
        await foreach (StoredObject found in store.ListAsync(folder, cancellationToken))
        {
            newest.Add(found.Path[folder.Length..^".json".Length]);
            if (newest.Count > limit)
            {
                newest.Remove(newest.Min!);
            }
        }
        return [.. newest.Reverse()];
    }

    private StoredDocument<PinnedReference> ReferenceOf(DriftSubject subject) =>
        new(store, DriftLayout.ReferenceOf(subject), SummaryFormat.MaxBytes, time, SummaryFormat.Of<PinnedReference>());

    private StoredDocument<StoredWindow> GoldenOf(DriftSubject subject, string digest) =>
        new(store, DriftLayout.GoldenOf(subject, digest), SummaryFormat.MaxBytes, time, SummaryFormat.Of<StoredWindow>());

    private StoredDocument<DriftEvidence> EvidenceOf(DriftSubject subject, DriftReference reference) =>
        new(store, DriftLayout.EvidenceOf(subject, reference), MaxEvidenceBytes, time);

    private StoredDocument<DriftReport> ReportOf(DriftSubject subject, string name) =>
        new(store, DriftLayout.ReportOf(subject, name), MaxReportBytes, time);
}
