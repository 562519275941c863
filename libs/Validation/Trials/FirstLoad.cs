using Serverless.Packages;

namespace Serverless.Validation.Trials;

/// <summary>
/// Loads a model for the first time, has it answer a first input, and ends: in a process of its own, since nobody trusts the file yet.
/// How many load at once is bounded; one that takes long holds up no other.
/// </summary>
internal sealed class FirstLoad(TrialOptions options, TimeProvider time) : IDisposable
{
    private readonly LoadLanes _lanes = new(options, time);

    /// <exception cref="ModelRejectedException">It does not load, or not within a trial's time and memory.</exception>
    /// <exception cref="LoadsBusyException">There is no place for it at present.</exception>
    public async Task<FirstLoadReport> RunAsync(
        string folder,
        ModelReference reference,
        ModelLimits limits,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await _lanes.RunAsync(token => LoadAsync(folder, reference, limits, token), cancellationToken);
        }
        catch (TrialEndedException e) when (e.End == TrialEnd.Refused)
        {
            throw new ModelRejectedException(e.Message, e);
        }
        catch (TrialEndedException e)
        {
            throw PackageFiles.Reject(
                reference.Name,
                reference.Version,
                "its first load",
                $"what a process of its own did not survive ({e.Message})",
                $"an answer within {options.LoadWithin.TotalSeconds:0.#} s and {options.MaxMemoryBytes >> 20:N0} MB",
                e
            );
        }
    }

    public void Dispose() => _lanes.Dispose();

    private async Task<FirstLoadReport> LoadAsync(
        string folder,
        ModelReference reference,
        ModelLimits limits,
        CancellationToken cancellationToken
    )
    {
        long started = time.GetTimestamp();
        await using TrialProcess process = TrialProcess.Start(options, time);
        TrialAnswer loaded = await process.AskAsync(
            new TrialAsk(TrialStep.Load, folder, Threads: options.Threads, MaxBytes: options.MaxMemoryBytes)
            {
                Model = reference,
                Limits = limits,
            },
            options.LoadWithin,
            cancellationToken
        );
        double milliseconds = Math.Round(time.GetElapsedTime(started).TotalMilliseconds, 1);
        return new FirstLoadReport(milliseconds, loaded.PeakBytes, loaded.Provider!, time.GetUtcNow());
    }
}
