using Serverless.Ingest.Analyzers;
using Serverless.Media;

namespace Serverless.Ingest.Ledgers;

public enum AssetState
{
    /// <summary>Seen in a listing, its run not begun.</summary>
    Expected,
    Processing,

    /// <summary>Its analysis document is written.</summary>
    Processed,

    /// <summary>Given up, with the reason, until somebody redrives it.</summary>
    Quarantined,

    /// <summary>Overwritten before it was analysed; the newer version has an entry of its own.</summary>
    Superseded,

    /// <summary>Deleted from the store: no longer expected, hence never missing.</summary>
    Gone,
}

/// <summary>
/// What became of one asset version. The changes below are pure, and repeating one or bringing an old one late changes nothing,
/// which is what makes every writer of the ledger idempotent.
/// </summary>
public sealed record LedgerEntry
{
    /// <summary>The version id, as in paths.</summary>
    public required string Version { get; init; }

    /// <summary>The store's own version, as in events and listings.</summary>
    public required string StoreVersion { get; init; }
    public required AssetState State { get; init; }
    public required DateTimeOffset Registered { get; init; }
    public required DateTimeOffset Changed { get; init; }
    public DateTimeOffset? Finished { get; init; }

    /// <summary>1 for the first; each redrive adds one.</summary>
    public int Run { get; init; }

    /// <summary>Over all runs.</summary>
    public int Attempts { get; init; }

    /// <summary>Analyses begun by the newest run here or in a Lambda function, also those that ended with their process.</summary>
    public int RunAttempts { get; init; }

    /// <summary>How many of those ended with a fault that somebody lived to tell; the others ended with their process, or go on.</summary>
    public int RunFaults { get; init; }
    public MediaKind? Kind { get; init; }
    public string? MediaType { get; init; }
    public long? Length { get; init; }
    public Failure? Failure { get; init; }

    /// <summary>Access tier or storage class in the store's own word; null for the usual one (Hot, STANDARD).</summary>
    public string? StorageClass { get; init; }

    /// <summary>By models, for the analysis that stands; null where that is a copy, or nothing was counted.</summary>
    public AnalysisSpending? Spent { get; init; }

    /// <summary>Of the analysis that stands.</summary>
    public int Revision { get; init; } = 1;

    /// <summary>The model and version for which it was last begun to be analysed anew.</summary>
    public string? RevisionTarget { get; init; }

    /// <summary>How often it was begun for that, also where the process ended meanwhile.</summary>
    public int RevisionAttempts { get; init; }

    /// <summary>How many of those ended while their process lived on.</summary>
    public int RevisionFaults { get; init; }

    /// <summary>So often a process may end with what it has in hand before each of it is tried alone.</summary>
    public const int MostEndsBesideOthers = 2;

    public static LedgerEntry New(AssetSource source, DateTimeOffset now) =>
        new()
        {
            Version = source.VersionId,
            StoreVersion = source.Version,
            State = AssetState.Expected,
            Registered = now,
            Changed = now,
        };

    /// <summary>A run starts; one that ended already stays ended, unless this run is a later one.</summary>
    public LedgerEntry Begin(int run, MediaKind? kind, string mediaType, long length, DateTimeOffset now)
    {
        bool repeated = run <= Run;
        if (State == AssetState.Processed)
        {
            return this;
        }
        if (repeated && State is (AssetState.Processing or AssetState.Quarantined))
        {
            return this;
        }
        return this with
        {
            // The vectors of an object that came back must be later than the mark of its deletion.
            Registered = State == AssetState.Gone ? now : Registered,
            State = AssetState.Processing,
            Run = Math.Max(run, Run),
            Attempts = repeated ? Attempts : Attempts + 1,
            Kind = kind,
            MediaType = mediaType,
            Length = length,
            Changed = now,
            Failure = null,
            Finished = null,
        };
    }

    /// <summary>Where its bytes are kept by now.</summary>
    public LedgerEntry InClass(string? storageClass) => storageClass == StorageClass ? this : this with { StorageClass = storageClass };

    /// <summary>
    /// An analysis begins. It counts before it does anything, so that one which takes its process along counts too. What is settled stays.
    /// </summary>
    public LedgerEntry BeginAttempt(AnalysisRequest request, DateTimeOffset now)
    {
        if (request.IsRevision)
        {
            return IsUnderWay(request) ? this with { RevisionAttempts = RevisionAttempts + 1, Changed = now } : this;
        }
        LedgerEntry begun = Begin(request.Run, request.Kind, request.MediaType, request.Length, now);
        if (begun.State != AssetState.Processing)
        {
            return begun;
        }
        bool isFirst = request.Run > Run || RunAttempts == 0;
        return begun with
        {
            Registered = Run == 0 || State == AssetState.Gone ? request.Registered : begun.Registered,
            Attempts = isFirst ? begun.Attempts : begun.Attempts + 1,
            RunAttempts = isFirst ? 1 : RunAttempts + 1,
            RunFaults = isFirst ? 0 : RunFaults,
            Changed = now,
        };
    }

    /// <summary>Whether this analysis may still come to something; a revision only while an analysis stands.</summary>
    public bool IsUnderWay(AnalysisRequest request) => State == (request.IsRevision ? AssetState.Processed : AssetState.Processing);

    /// <summary>How often the newest run, or the revision that is under way, was begun.</summary>
    public int AttemptsAt(AnalysisRequest request) => request.IsRevision ? RevisionAttempts : RunAttempts;

    /// <summary>
    /// Whether an analysis of this run, or of this revision, ended with its process so often that it may be to blame: once happens to
    /// whatever is in hand when an instance is taken away.
    /// </summary>
    public bool EndedWithItsProcess(AnalysisRequest request) =>
        IsOwn(request) && AttemptsAt(request) - FaultsAt(request) >= MostEndsBesideOthers;

    /// <summary>An attempt of this run or revision ended, and its process did not.</summary>
    public LedgerEntry FailAttempt(AnalysisRequest request, DateTimeOffset now) =>
        !IsOwn(request) || FaultsAt(request) >= AttemptsAt(request) ? this
        : request.IsRevision ? this with { RevisionFaults = RevisionFaults + 1, Changed = now }
        : this with { RunFaults = RunFaults + 1, Changed = now };

    private bool IsOwn(AnalysisRequest request) => IsUnderWay(request) && (request.IsRevision || request.Run == Run);

    private int FaultsAt(AnalysisRequest request) => request.IsRevision ? RevisionFaults : RunFaults;

    /// <summary>A result that comes after the object was deleted is none.</summary>
    public LedgerEntry Complete(int attempts, DateTimeOffset now, AnalysisSpending? spent = null) =>
        State is AssetState.Processed or AssetState.Gone
            ? this
            : this with
            {
                State = AssetState.Processed,
                Attempts = Math.Max(attempts, Attempts),
                Changed = now,
                Finished = now,
                Failure = null,
                Spent = spent,
            };

    public LedgerEntry Quarantine(Failure failure, int attempts, DateTimeOffset now) =>
        State is AssetState.Processed or AssetState.Gone
            ? this
            : this with
            {
                State = AssetState.Quarantined,
                Attempts = Math.Max(attempts, Attempts),
                Changed = now,
                Finished = now,
                Failure = failure,
            };

    /// <summary>
    /// Another analysis is wanted while this one stands; what has no analysis is not analysed anew. Attempts at it are counted as they
    /// begin, and from the first on where it is wanted for something else than before.
    /// </summary>
    public LedgerEntry WantRevision(string target, DateTimeOffset now) =>
        State != AssetState.Processed || target == RevisionTarget
            ? this
            : this with
            {
                RevisionTarget = target,
                RevisionAttempts = 0,
                RevisionFaults = 0,
                Changed = now,
            };

    public LedgerEntry CompleteRevision(int revision, DateTimeOffset now, AnalysisSpending? spent) =>
        State != AssetState.Processed || revision <= Revision
            ? this
            : this with
            {
                Revision = revision,
                RevisionTarget = null,
                RevisionAttempts = 0,
                RevisionFaults = 0,
                Spent = spent,
                Changed = now,
            };

    /// <summary>Its analysis is gone from the store and is to be made again.</summary>
    public LedgerEntry Reopen(DateTimeOffset now) =>
        State != AssetState.Processed ? this : this with { State = AssetState.Expected, Changed = now, Finished = null };

    /// <summary>
    /// Overwritten, and current again: in S3 the same bytes are the same version. It is registered anew, to be later than what came
    /// between.
    /// </summary>
    public LedgerEntry Return(DateTimeOffset now) =>
        this with
        {
            State = AssetState.Expected,
            Registered = now,
            RunAttempts = 0,
            RunFaults = 0,
            Changed = now,
            Finished = null,
            Failure = null,
        };

    /// <summary>Ends a version that never came to a result.</summary>
    public LedgerEntry Supersede(DateTimeOffset now) =>
        State is AssetState.Expected or AssetState.Processing
            ? this with
            {
                State = AssetState.Superseded,
                Changed = now,
                Finished = now,
            }
            : this;

    /// <summary>Attempts begun before count no more: the same object may be uploaded anew.</summary>
    public LedgerEntry Vanish(DateTimeOffset now) =>
        State is AssetState.Gone
            ? this
            : this with
            {
                State = AssetState.Gone,
                RunAttempts = 0,
                RunFaults = 0,
                Changed = now,
                Finished = now,
                Failure = null,
            };
}
