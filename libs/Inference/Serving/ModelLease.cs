using Serverless.Packages;

namespace Serverless.Inference.Serving;

/// <summary>
/// A hold on a loaded model, which is not unloaded before the last of its leases is disposed. Dispose once answered; any thread.
/// </summary>
public sealed class ModelLease : IDisposable
{
    private Action? _release;

    internal ModelLease(ServedModel model, Action release) => (Model, _release) = (model, release);

    public ServedModel Model { get; }

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}

public enum ResidentState
{
    Loading,
    Ready,
    Failed,
}

/// <summary>A model that the server knows of.</summary>
/// <param name="MemoryBytes">By estimate; 0 before its package is read.</param>
/// <param name="Users">Leases, and callers that wait for the load.</param>
/// <param name="Fault">Why it failed.</param>
public sealed record ResidentModel(ModelVersion Version, ResidentState State, long MemoryBytes, int Users, bool IsKeptWarm, string? Fault);
