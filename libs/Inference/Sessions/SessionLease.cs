namespace Serverless.Inference.Sessions;

/// <summary>One user's hold on a session that others may share; the last one to dispose theirs closes it.</summary>
internal sealed class SessionLease(ModelSession session, Action<ModelSession> release) : IDisposable
{
    private Action<ModelSession>? _release = release;

    public ModelSession Session { get; } = session;

    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke(Session);
}
