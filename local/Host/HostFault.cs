namespace Serverless.Local.Host;

/// <summary>The first fault that ends the host while it serves.</summary>
internal sealed class HostFault
{
    private readonly TaskCompletionSource<Exception> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<Exception> Task => _source.Task;

    public void Raise(Exception exception) => _source.TrySetResult(exception);
}
