namespace Serverless.Validation.Trials;

/// <summary>One model on trial, in a <see cref="IsolatedProcess"/>. One asker at a time.</summary>
internal sealed class TrialProcess : IAsyncDisposable
{
    private readonly IsolatedProcess _process;

    private TrialProcess(IsolatedProcess process) => _process = process;

    public int Id => _process.Id;

    public static TrialProcess Start(TrialOptions options, TimeProvider time) =>
        new(IsolatedProcess.Start(options, TrialHost.Argument, time));

    /// <summary>The answer to one step; an answer that says the step could not be done is thrown too.</summary>
    /// <exception cref="TrialEndedException"/>
    public async Task<TrialAnswer> AskAsync(TrialAsk ask, TimeSpan within, CancellationToken cancellationToken)
    {
        TrialAnswer answer = await _process.AskAsync<TrialAsk, TrialAnswer>(ask, within, cancellationToken);
        return answer.Fault is null ? answer : throw new TrialEndedException(TrialEnd.Refused, answer.Fault);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
