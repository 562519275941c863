using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Models;
using Serverless.Media;
using Serverless.Media.Images;
using Serverless.Media.Text;
using Serverless.Storage;

namespace Serverless.Ingest.Steps;

/// <summary>
/// The first step of every asset version: decides by its first bytes where it goes, and enters it in the ledger. What is analysed at once
/// is entered when its analysis begins. Reads no more than the head, of an archive also the end, and only of exactly the version that was
/// announced. Idempotent by source and run; thread-safe.
/// </summary>
public sealed class AssetAdmission(
    AssetStores stores,
    Ledger ledger,
    AnalysisModels models,
    AnalysisOptions options,
    TextOptions textOptions,
    ImageOptions imageOptions,
    TimeProvider time
)
{
    /// <summary>Analyses that a run begins at most, and a revision, those among them that ended with their process.</summary>
    public const int MaxAttempts = 5;

    private const string UnreadType = "application/octet-stream";

    /// <param name="run">1, or more when a result is to be tried for anew.</param>
    public async Task<Admission> AdmitAsync(AssetSource source, int run, CancellationToken cancellationToken)
    {
        try
        {
            ObjectContent? head = await stores
                .MediaOf(source)
                .ReadHeadAsync(stores.PathOf(source), MediaSniffer.HeadBytes, cancellationToken);
            if (head is null)
            {
                return await EndAsync(source, AdmissionVerdict.Gone, cancellationToken);
            }
            if (head.Object.Version != source.Version)
            {
                return await EndAsync(source, AdmissionVerdict.Superseded, cancellationToken);
            }
            MediaVerdict verdict = await SniffAsync(source, head, cancellationToken);
            return await EnterAsync(source, run, verdict, head.Object, head.Given, cancellationToken);
        }
        catch (ObjectArchivedException e) when (e.Path == stores.PathOf(source))
        {
            return await RefuseArchivedAsync(source, run, cancellationToken);
        }
        catch (ObjectMissingException e) when (e.Path == stores.PathOf(source))
        {
            return await EndAsync(source, AdmissionVerdict.Gone, cancellationToken);
        }
        catch (ObjectChangedException e) when (e.Path == stores.PathOf(source))
        {
            return await EndAsync(source, AdmissionVerdict.Superseded, cancellationToken);
        }
        catch (ObjectPathException e)
        {
            // A name that cannot be asked for again, such as one with the folder "..": its bytes are never read.
            MediaVerdict unread = new(null, UnreadType, e.Message);
            return await EnterAsync(source, run, unread, stored: null, given: null, cancellationToken);
        }
    }

    /// <summary>
    /// Counts an analysis that is about to begin. Null where it may; else what the version came to, or that it waits for a model.
    /// </summary>
    public async Task<AnalysisOutcome?> BeginAsync(AnalysisRequest request, CancellationToken cancellationToken) =>
        (await BeginAsync(request, isAlone: true, cancellationToken)).Outcome;

    /// <summary>The same while others are in hand; what may take them along is not begun then, nor counted.</summary>
    public Task<AttemptBegun> BeginAmongOthersAsync(AnalysisRequest request, CancellationToken cancellationToken) =>
        BeginAsync(request, isAlone: false, cancellationToken);

    /// <summary>An analysis that was counted ended with a fault, and its process lives on.</summary>
    public Task TellFaultAsync(AnalysisRequest request, CancellationToken cancellationToken) =>
        ledger.UpdateKnownAsync(request.Source, (known, now) => known.FailAttempt(request, now), cancellationToken);

    private async Task<AttemptBegun> BeginAsync(AnalysisRequest request, bool isAlone, CancellationToken cancellationToken)
    {
        if (await models.FindUnservedAsync(request.Kind, cancellationToken) is { } waiting)
        {
            return new(waiting);
        }
        bool mustBeAlone = false;
        LedgerEntry? entry = request.IsRevision
            ? await ledger.UpdateKnownAsync(request.Source, Begin, cancellationToken)
            : await ledger.UpdateAsync(request.Source, Begin, cancellationToken, isNew: request.Run == 1, isCurrent: true);
        return mustBeAlone ? new(null, MustBeAlone: true)
            : entry?.IsUnderWay(request) == true ? new(ExhaustionOf(entry, request))
            : new(new AnalysisOutcome(AnalysisStatus.Settled));

        // Asked anew after each lost race: the last answer counts.
        LedgerEntry Begin(LedgerEntry known, DateTimeOffset now)
        {
            mustBeAlone = !isAlone && known.EndedWithItsProcess(request);
            return mustBeAlone ? known : known.BeginAttempt(request, now);
        }
    }

    private static AnalysisOutcome? ExhaustionOf(LedgerEntry entry, AnalysisRequest request) =>
        entry.AttemptsAt(request) <= MaxAttempts
            ? null
            : AnalysisOutcome.Refuse(
                FailureKind.Exhausted,
                $"Its analysis was begun {MaxAttempts} times and came to no end: the process ended each time, or storage stayed away."
            );

    private async Task<MediaVerdict> SniffAsync(AssetSource source, ObjectContent content, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> head = content.Data.ToMemory();
        long length = content.Object.Length;
        if (!MediaSniffer.WantsTail(head.Span, length))
        {
            return MediaSniffer.Sniff(head.Span, length);
        }
        byte[] tail = new byte[Math.Min(length, MediaSniffer.TailBytes)];
        await using Stream stream = await stores
            .MediaOf(source)
            .OpenAsync(stores.PathOf(source), source.Version, length - tail.Length, cancellationToken);
        await stream.ReadExactlyAsync(tail, cancellationToken);
        return MediaSniffer.Sniff(head.Span, length, tail);
    }

    private async Task<Admission> EnterAsync(
        AssetSource source,
        int run,
        MediaVerdict verdict,
        StoredObject? stored,
        IReadOnlyDictionary<string, string>? given,
        CancellationToken cancellationToken
    )
    {
        long length = stored?.Length ?? 0;
        if (verdict.Kind is { } light && !IsJob(light, length) && OverLimit(light, length) is null)
        {
            return new Admission(
                AdmissionVerdict.AtOnce,
                Attempts: 1,
                new AnalysisRequest(source, light, verdict.MediaType, length, Attempt: 1, time.GetUtcNow(), run, Given: given)
            );
        }
        LedgerEntry entry = await ledger.UpdateAsync(
            source,
            (known, now) => known.Begin(run, verdict.Kind, verdict.MediaType, length, now).InClass(stored?.StorageClass),
            cancellationToken,
            isNew: run == 1,
            isCurrent: true
        );
        if (entry.State != AssetState.Processing)
        {
            return new Admission(AdmissionVerdict.Settled);
        }
        if (verdict.Kind is not { } kind)
        {
            return Refuse(entry, FailureKind.Unsupported, verdict.Refusal ?? verdict.MediaType);
        }
        if (OverLimit(kind, length) is { } reason)
        {
            return Refuse(entry, FailureKind.TooLarge, reason);
        }

        return new Admission(
            AdmissionVerdict.AsJob,
            entry.Attempts,
            new AnalysisRequest(source, kind, verdict.MediaType, length, entry.Attempts, entry.Registered, run, Given: given)
        );
    }

    /// <summary>Its class and length can be asked for all the same.</summary>
    private async Task<Admission> RefuseArchivedAsync(AssetSource source, int run, CancellationToken cancellationToken)
    {
        if (await stores.MediaOf(source).FindAsync(stores.PathOf(source), cancellationToken) is not { } stored)
        {
            return await EndAsync(source, AdmissionVerdict.Gone, cancellationToken);
        }
        if (stored.Version != source.Version)
        {
            return await EndAsync(source, AdmissionVerdict.Superseded, cancellationToken);
        }
        LedgerEntry entry = await ledger.UpdateAsync(
            source,
            (known, now) => known.Begin(run, kind: null, UnreadType, stored.Length, now).InClass(stored.StorageClass),
            cancellationToken,
            isNew: run == 1,
            isCurrent: true
        );
        string storageClass = stored.StorageClass is { } name ? $" (storage class {name})" : "";
        return entry.State == AssetState.Processing
            ? Refuse(entry, FailureKind.Archived, $"Found it archived{storageClass}; restore it first, and it is taken up.")
            : new Admission(AdmissionVerdict.Settled);
    }

    private bool IsJob(MediaKind kind, long length) =>
        kind == MediaKind.Video || kind == MediaKind.Text && length > options.LongDocumentBytes;

    private static Admission Refuse(LedgerEntry entry, string kind, string message) =>
        new(AdmissionVerdict.Refused, entry.Attempts, Failure: new Failure(kind, message, Retryable: false));

    private string? OverLimit(MediaKind kind, long length)
    {
        long limit = kind switch
        {
            MediaKind.Text => textOptions.MaxBytes,
            MediaKind.Image => imageOptions.MaxBytes,
            _ => options.MaxVideoBytes,
        };
        return length <= limit ? null : $"Found {EntryKind.Of(kind)} of {length:N0} bytes; allowed are {limit:N0}.";
    }

    private async Task<Admission> EndAsync(AssetSource source, AdmissionVerdict verdict, CancellationToken cancellationToken)
    {
        if (verdict == AdmissionVerdict.Gone)
        {
            await ledger.VanishAsync(source.Store, source.AssetId, cancellationToken);
        }
        else
        {
            await ledger.UpdateAsync(source, (known, now) => known.Supersede(now), cancellationToken);
        }
        return new Admission(verdict);
    }
}
