using System.Numerics;
using Serverless.Inference.Sessions;
using Serverless.Packages;

namespace Serverless.Inference.Serving;

/// <summary>
/// Counts what one loaded model does; goes with the model, so that there are as many as models in memory. Thread-safe: one lock, held for
/// a few additions.
/// </summary>
internal sealed class ModelTally(ModelVersion version)
{
    private const long ExactRows = 64;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, RunStatistics> _runs = [];
    private ModelStatistics _sums = new(version, null, 0, 0, default, default, default, default, default, default, []);

    public ModelStatistics Read()
    {
        lock (_gate)
        {
            return _sums with { Runs = [.. _runs.Values] };
        }
    }

    public void Answered(in RequestTimes times, DateTimeOffset now)
    {
        lock (_gate)
        {
            _sums = _sums with
            {
                LastInference = now,
                Success = _sums.Success.Add(times.Total),
                Queue = _sums.Queue.Add(times.Queue),
                Input = _sums.Input.Add(times.Input),
                Infer = _sums.Infer.Add(times.Infer),
                Output = _sums.Output.Add(times.Output),
            };
        }
    }

    public void Failed(TimeSpan lasted, DateTimeOffset now)
    {
        lock (_gate)
        {
            _sums = _sums with { LastInference = now, Fail = _sums.Fail.Add(lasted) };
        }
    }

    /// <param name="rows">Those that were answered, at least one.</param>
    public void Ran(long rows, in RunTimes times)
    {
        long size = rows <= ExactRows ? rows : (long)BitOperations.RoundUpToPowerOf2((ulong)rows);
        lock (_gate)
        {
            _sums = _sums with { Inferences = _sums.Inferences + rows, Executions = _sums.Executions + 1 };
            RunStatistics before = _runs.GetValueOrDefault(size) ?? new RunStatistics(size, default, default, default);
            _runs[size] = before with
            {
                Input = before.Input.Add(times.Input),
                Infer = before.Infer.Add(times.Infer),
                Output = before.Output.Add(times.Output),
            };
        }
    }
}
