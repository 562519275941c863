using Serverless.Packages;

namespace Serverless.Validation.Trials;

/// <summary>
/// Has ONNX Runtime open a model that is about to be registered: it alone knows which operators there are. In a process of its own,
/// since nobody trusts the file yet.
/// </summary>
internal sealed class OpeningTrial(TrialOptions options, TimeProvider time)
{
    /// <exception cref="ModelRejectedException">It does not open, or not within a trial's time and memory.</exception>
    public async Task<PackageContents> GuardAsync(PackageContents package, ModelReference reference, CancellationToken cancellationToken)
    {
        string file = package.Graph.File;
        await using TrialProcess process = TrialProcess.Start(options, time);
        try
        {
            await process.AskAsync(
                new TrialAsk(TrialStep.Open, package.Files.FullPath(file), Threads: options.Threads, MaxBytes: options.MaxMemoryBytes),
                options.LoadWithin,
                cancellationToken
            );
            return package;
        }
        catch (TrialEndedException e)
        {
            throw package.Files.Reject(file, $"what ONNX Runtime does not open ({e.Message})", "a model that it can open", e);
        }
    }
}
