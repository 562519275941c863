using Serverless.Ingest.Analyzers;
using Serverless.Media;

namespace Serverless.Ingest.Steps;

/// <summary>
/// The analysis of a short text or an image where it is called, the first one or a revision, counted when it begins. What ended with its
/// process twice is analysed alone: of those that were in hand together nobody knows which of them it was, and the others are not to be
/// given up with it. Thread-safe.
/// </summary>
public sealed class AttemptedAnalysis(AssetAdmission admission, AssetAnalysis analysis, AttemptGate gate)
{
    /// <summary>Answers TooLong for what is a job, and Waiting where it is to be called again later; that counts as no attempt.</summary>
    public async Task<AnalysisOutcome> AnalyseAsync(AnalysisRequest request, CancellationToken cancellationToken)
    {
        using (IDisposable? among = gate.TryEnter())
        {
            if (among is null)
            {
                return Wait("another is analysed alone, since its process ended when it was before");
            }
            if (await admission.BeginAmongOthersAsync(request, cancellationToken) is { MustBeAlone: false } begun)
            {
                return begun.Outcome ?? await RunAsync(request, cancellationToken);
            }
        }
        using IDisposable? alone = await gate.TryEnterAloneAsync(cancellationToken);
        return alone is null
            ? Wait("its process ended when it was analysed before, and another of which that is so is analysed now")
            : await admission.BeginAsync(request, cancellationToken) ?? await RunAsync(request, cancellationToken);
    }

    private async Task<AnalysisOutcome> RunAsync(AnalysisRequest request, CancellationToken cancellationToken)
    {
        AnalysisOutcome outcome;
        try
        {
            outcome =
                request.Kind == MediaKind.Video
                    ? new AnalysisOutcome(AnalysisStatus.TooLong)
                    : await analysis.AnalyseAsync(request, asJob: false, TimeSpan.Zero, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await TellAsync(request, cancellationToken);
            throw;
        }
        if (!IsSettledNext(request, outcome.Status))
        {
            await TellAsync(request, cancellationToken);
        }
        return outcome;
    }

    /// <summary>Then the ledger says that it ended; else it would look as if its process had.</summary>
    private static bool IsSettledNext(AnalysisRequest request, AnalysisStatus status) =>
        request.IsRevision ? status == AnalysisStatus.Analysed : status != AnalysisStatus.TooLong;

    /// <summary>That its process lived on. Where the store is away, it counts as if it had not.</summary>
    private async Task TellAsync(AnalysisRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await admission.TellFaultAsync(request, cancellationToken);
        }
        catch (Exception)
        {
            // A fault of the analysis says more; without one it goes on.
        }
    }

    private static AnalysisOutcome Wait(string why) =>
        new(AnalysisStatus.Waiting, new Failure(FailureKind.Internal, $"It waits: {why}.", Retryable: true));
}
