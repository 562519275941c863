using System.Globalization;

namespace Serverless.Ingest.Health;

/// <summary>Asks a thing that the pipeline needs, and says where it does not answer in time. Thread-safe.</summary>
/// <param name="thing">What findings call it.</param>
public sealed class HealthProbe<T>(string thing, Func<CancellationToken, Task<T>> ask, HealthOptions options, TimeProvider time)
{
    private readonly BoundedLook<T> _look = new(ask, options.AnswerWithin, time);

    /// <returns>What is wrong, or what it answered.</returns>
    public async Task<(HealthFinding? Fault, T? Found)> TakeAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (null, await _look.TakeAsync(cancellationToken));
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return (Of(e), default);
        }
    }

    /// <summary>The same for whoever asks whether it answers at all.</summary>
    public async Task<HealthFinding?> FaultAsync(CancellationToken cancellationToken) => (await TakeAsync(cancellationToken)).Fault;

    private HealthFinding Of(Exception fault) =>
        new(
            thing,
            fault is TimeoutException
                ? "no answer"
                : $"it answered with a fault: {fault.GetBaseException().Message.Split('\n')[0].TrimEnd()}",
            string.Create(
                CultureInfo.InvariantCulture,
                $"an answer within {options.AnswerWithin.TotalSeconds:0.##} s (Health:AnswerWithin)"
            )
        );
}
