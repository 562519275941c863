namespace Serverless.Ingest.Health;

/// <summary>Whether a thing that the pipeline needs answers in time. Thread-safe.</summary>
/// <param name="thing">What findings call it.</param>
/// <param name="ask">Ends well where it answers, whatever the answer is.</param>
public sealed class HealthProbe(string thing, Func<CancellationToken, Task> ask, HealthOptions options, TimeProvider time)
{
    private readonly BoundedLook<bool> _look = new(
        async cancellationToken =>
        {
            await ask(cancellationToken);
            return true;
        },
        options.AnswerWithin,
        time
    );

    public async Task<HealthFinding?> FaultAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _look.TakeAsync(cancellationToken);
            return null;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthFault.Of(thing, e, options.AnswerWithin);
        }
    }
}
