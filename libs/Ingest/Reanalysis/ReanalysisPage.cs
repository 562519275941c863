using Serverless.Ingest.Analyzers;

namespace Serverless.Ingest.Reanalysis;

/// <summary>A part of what is to be analysed anew, in the order of the assets' ids.</summary>
/// <param name="Scanned">Analyses that were looked at for it.</param>
/// <param name="Total">Of the assets that the request may concern, when it was looked.</param>
/// <param name="Next">The last asset that was looked at; null at the end.</param>
/// <param name="Stopped">Why the run has no more to do, where another version serves now.</param>
/// <param name="IsBusy">New uploads wait: they go first.</param>
public sealed record ReanalysisPage(
    IReadOnlyList<AssetSource> Assets,
    int Scanned,
    int Total,
    string? Next,
    string? Stopped = null,
    bool IsBusy = false
);

/// <summary>One asset to be analysed anew.</summary>
/// <param name="Request">By which models; null where it is because of the files of subtitles beside a film.</param>
/// <param name="Target">Those files under one name, by which attempts are counted.</param>
public sealed record RevisionInput(AssetSource Source, ReanalysisRequest? Request, string? Target = null);

/// <summary>What is to be done with one asset.</summary>
/// <param name="Request">Of the next revision; null where nothing is to be analysed, for the reason in <paramref name="Outcome"/>.</param>
public sealed record RevisionBegun(AnalysisRequest? Request, AnalysisOutcome? Outcome = null);
