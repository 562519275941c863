using Serverless.Inference.Sessions;

namespace Serverless.Inference.Serving.Batching;

/// <summary>
/// Runs a batch so that one bad row does not take the others with it: a batch that fails is run again in halves, down to the rows that are
/// to blame.
/// </summary>
internal static class BatchSplitting
{
    public static RunTimes Run<T>(BatchRun<T> run, ReadOnlyMemory<T> work, Memory<Exception?> faults, CancellationToken cancellationToken)
    {
        faults.Span.Fill(new InvalidOperationException("A run ended without an answer to one of its items; please report this."));
        try
        {
            return run(work, faults, cancellationToken);
        }
        catch (Exception e) when (work.Length == 1 || e is not ModelFaultException)
        {
            faults.Span.Fill(e);
            return default;
        }
        catch (ModelFaultException)
        {
            int half = work.Length / 2;
            return Run(run, work[..half], faults[..half], cancellationToken) + Run(run, work[half..], faults[half..], cancellationToken);
        }
    }
}
