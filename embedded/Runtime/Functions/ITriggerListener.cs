namespace Serverless.Embedded.Runtime.Functions;

/// <summary>Watches for a function's events and runs it. Started once, after the HTTP server listens.</summary>
internal interface ITriggerListener
{
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Takes no more work at once, and ends when the work in flight has ended or been handed back.</summary>
    Task StopAsync();

    /// <summary>Runs the function now, for an operator; what <paramref name="input"/> means depends on the trigger.</summary>
    Task RunNowAsync(string input, CancellationToken cancellationToken);
}
