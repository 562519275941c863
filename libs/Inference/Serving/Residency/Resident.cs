using Serverless.Packages;

namespace Serverless.Inference.Serving.Residency;

/// <summary>One model version that is loading, loaded or failed. Changed under the lock of <see cref="ResidentModels"/> only.</summary>
internal sealed class Resident(ModelVersion version)
{
    private readonly TaskCompletionSource<ServedModel> _load = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ModelVersion Version { get; } = version;

    /// <summary>One load, for however many callers.</summary>
    public Task<ServedModel> Load => _load.Task;

    public int Users { get; set; }

    /// <summary>Counts up over all residents: the lowest was used longest ago.</summary>
    public long LastUse { get; set; }

    public long MemoryBytes { get; set; }

    /// <summary>No longer found by new callers; disposed after the last user.</summary>
    public bool IsRetired { get; set; }

    /// <summary>Until when a failure is remembered.</summary>
    public DateTimeOffset? FailedUntil { get; private set; }

    /// <summary>Of a load or a run that was given up: what of it goes on. It is not tried again beside that.</summary>
    public Task? StillRunning { get; set; }

    /// <summary>A new caller may try again.</summary>
    public bool IsOver(DateTimeOffset now) => FailedUntil <= now && StillRunning?.IsCompleted != false;

    public ServedModel? Model => _load.Task.IsCompletedSuccessfully ? _load.Task.Result : null;

    public void Succeed(ServedModel model) => _load.SetResult(model);

    public void Fail(Exception fault, DateTimeOffset until)
    {
        FailedUntil = until;
        _load.SetException(fault);
        _ = _load.Task.Exception; // seen, also where every caller has gone
    }
}
