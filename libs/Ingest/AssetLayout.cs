namespace Serverless.Ingest;

/// <summary>Where the objects of an asset lie, the same in every store.</summary>
public static class AssetLayout
{
    public const string MediaPrefix = "media/";
    public const string LedgerPrefix = "ledger/";
    public const string QuarantinePrefix = "quarantine/";
    public const string IndexPrefix = "index/";
    public const string LedgerSnapshot = "views/ledger.json.gz";
    public const string AnalysisName = "analysis.json";
    public const string OutboxPrefix = "outbox/";

    /// <summary>What processes that take part say of themselves.</summary>
    public const string MembersPrefix = "members/";

    /// <summary>The queue of jobs that a bucket keeps for itself, as objects.</summary>
    public const string BucketJobsQueue = "jobs";
    public const string GpuJobsQueue = "gpu-jobs";
    public const string GpuCompletionsQueue = "gpu-completions";

    /// <summary>
    /// Where Event Grid subscriptions put the events of blobs that were deleted or changed their tier, and all of sources' containers.
    /// </summary>
    public const string DeletedBlobsQueue = "deleted-blobs";

    /// <summary>Two characters of the id spread the ledger over 1,024 prefixes, as many as listing in parallel needs.</summary>
    public static string Ledger(string asset) => $"{LedgerPrefix}{asset.AsSpan(0, 2)}/{asset}.json";

    public static string Quarantine(string asset) => $"{QuarantinePrefix}{asset}.json";

    public const string Erasures = "erasures/";
    public const string PendingErasures = Erasures + "pending/";

    public static string Erasure(string asset) => $"{Erasures}{asset}.json";

    public static string PendingErasure(string asset) => $"{PendingErasures}{asset}.json";

    /// <summary>Of all versions of an asset.</summary>
    public static string Analyses(string asset) => $"analyses/{asset}/";

    /// <summary>Of one version.</summary>
    public static string Findings(string asset, string version) => $"{Analyses(asset)}{version}/";

    public static string Analysis(string asset, string version) => Artifact(asset, version, AnalysisName);

    /// <summary>A file beside the analysis document: a thumbnail, a keyframe, captions, vectors, a checkpoint.</summary>
    public static string Artifact(string asset, string version, string name) => $"{Findings(asset, version)}{name}";

    /// <summary>Which assets have the same bytes.</summary>
    public static string Content(string sha256) => $"contents/{sha256.AsSpan(0, 2)}/{sha256}.json";

    public static string BucketJob(string jobId) => $"{BucketJobsQueue}/{jobId}.json";

    public static string AssetOfLedgerPath(string path) => Path.GetFileNameWithoutExtension(path);
}
