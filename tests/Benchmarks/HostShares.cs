using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Captures;
using Serverless.Local.Stack;

namespace Serverless.Benchmarks;

/// <summary>
/// Where the time of a prediction over HTTP goes. The worker cannot be called past its host, so the shares are told apart by what a
/// request passes through: the ping is answered by the host's web server; a function that answers a constant passes the job host, the
/// forwarder and the worker; the forwarder is measured alone, in this process; a prediction does its work beyond that, and its capture says
/// what of it was queue and model.
/// The processor time of both processes says which of the two a share was spent in. All take turns with session.Run in this process.
/// </summary>
internal sealed class HostShares : IDisposable
{
    private const int Turn = 20;
    private const int WarmUpTurns = 3;

    private static readonly TimeSpan CaptureLimit = TimeSpan.FromSeconds(20);

    private readonly BenchModel _model;
    private readonly LocalStack _stack;
    private readonly HttpClient _http;
    private readonly PipelineClient _client;
    private readonly int _host;
    private readonly int _worker;
    private readonly Way _run;
    private readonly Way _ping;
    private readonly Way _constant;
    private readonly Way _answered;
    private readonly Way _forwarded;
    private readonly Way _prediction;

    public HostShares(LocalStack stack, BenchModel model, PredictionBenchmark predictions, BareForwarder forwarder)
    {
        (_stack, _model) = (stack, model);
        _client = new PipelineClient(stack);
        _http = new HttpClient { BaseAddress = stack.FunctionsAddress };
        _host = stack.Functions.ProcessId;
        _worker = ProcessorTime.ChildOf(_host);
        _run = new Way(_ => predictions.TimeRun());
        _ping = new Way(cancellationToken => TimeGet("admin/host/ping", cancellationToken));
        _constant = new Way(cancellationToken => TimeGet("v2/health/live", cancellationToken));
        _answered = new Way(forwarder.TimeAnswer);
        _forwarded = new Way(forwarder.TimeForwarded);
        _prediction = new Way(predictions.TimeRequest);
    }

    public async Task MeasureAsync(BenchReport report, int rounds, CancellationToken cancellationToken)
    {
        DateTimeOffset from = default;
        for (int turn = -WarmUpTurns; turn * Turn < rounds; turn++)
        {
            from = turn == 0 ? DateTimeOffset.UtcNow : from;
            foreach (Way way in new[] { _run, _ping, _constant, _answered, _forwarded, _prediction })
            {
                TakeTurn(way, counts: turn >= 0, cancellationToken);
            }
        }
        List<CaptureTimes> captured = await ReadCapturesAsync(from, cancellationToken);
        AddLatencies(report, captured);
        AddProcessorTimes(report);
    }

    public void Dispose()
    {
        _client.Dispose();
        _http.Dispose();
    }

    private void AddLatencies(BenchReport report, List<CaptureTimes> captured)
    {
        double run = _run.Times.Median,
            ping = _ping.Times.Median,
            constant = _constant.Times.Median,
            forwarder = _forwarded.Times.Median - _answered.Times.Median,
            prediction = _prediction.Times.Median;
        Add("the whole request, p50", prediction);
        Add("  host's web server and the loopback (the ping), p50", ping);
        Add("  forwarder (measured alone), p50", forwarder);
        Add("  job host and worker's dispatch (constant less ping and forwarder), p50", constant - ping - forwarder);
        Add("  the prediction function itself (prediction less constant), p50", prediction - constant);
        Add("    of it, as captured: routing, reading, writing, p50", Median(captured, times => times.Overhead));
        Add("    of it, as captured: waiting for a runner, p50", Median(captured, times => times.Queue));
        Add("    of it, as captured: tensors in and out, p50", Median(captured, times => times.Input + times.Output));
        Add("    of it, as captured: session.Run in the worker, p50", Median(captured, times => times.Infer));

        void Add(string what, double value) =>
            report.Add(
                new Measurement(
                    $"{_model.Name} over the host: {what}",
                    value,
                    "ms",
                    "lower",
                    Peer: "session.Run",
                    PeerValue: run,
                    Ratio: value / run
                )
            );
    }

    private void AddProcessorTimes(BenchReport report)
    {
        Add("host, a ping", _ping.HostMilliseconds);
        Add("host, a constant", _constant.HostMilliseconds);
        Add("worker, a constant", _constant.WorkerMilliseconds);
        Add("host, a prediction", _prediction.HostMilliseconds);
        Add("worker, a prediction", _prediction.WorkerMilliseconds);

        void Add(string what, double value) =>
            report.Add(
                new Measurement(
                    $"{_model.Name} over the host: processor time, {what}",
                    value,
                    "ms",
                    "lower",
                    Peer: "session.Run p50",
                    PeerValue: _run.Times.Median
                )
            );
    }

    private void TakeTurn(Way way, bool counts, CancellationToken cancellationToken)
    {
        double host = ProcessorTime.Milliseconds(_host),
            worker = ProcessorTime.Milliseconds(_worker);
        double[] taken = [.. Enumerable.Range(0, Turn).Select(_ => way.Call(cancellationToken))];
        if (counts)
        {
            way.Times.AddRange(taken);
            way.HostTotal += ProcessorTime.Milliseconds(_host) - host;
            way.WorkerTotal += ProcessorTime.Milliseconds(_worker) - worker;
        }
    }

    private double TimeGet(string path, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        long startedAt = Stopwatch.GetTimestamp();
        using HttpResponseMessage response = _http.Send(request, cancellationToken);
        double elapsed = Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds;
        return response.IsSuccessStatusCode ? elapsed : throw new StackException($"{path} answered {(int)response.StatusCode}.");
    }

    /// <summary>The counted predictions; they are written some seconds after they were answered.</summary>
    private async Task<List<CaptureTimes>> ReadCapturesAsync(DateTimeOffset from, CancellationToken cancellationToken)
    {
        CaptureReader reader = new(_client.Azure, NullLogger<CaptureReader>.Instance);
        DateTimeOffset until = DateTimeOffset.UtcNow.AddMinutes(1);
        long startedAt = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(startedAt) < CaptureLimit)
        {
            List<CaptureTimes> times = [];
            await foreach (CaptureRecord record in reader.ReadAsync(_model.Name, 1, from, until, cancellationToken))
            {
                times.Add(record.Times!);
            }
            if (times.Count >= _prediction.Times.Count)
            {
                return times;
            }
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        }
        throw new StackException(
            $"The predictions of {_model.Name} were not captured within {CaptureLimit}; see the logs in {_stack.Options.DataDirectory}."
        );
    }

    private static double Median(List<CaptureTimes> captured, Func<CaptureTimes, double> part) =>
        captured.Select(part).Order().ElementAt(captured.Count / 2);

    /// <summary>One of the calls that take turns. The totals are of the processor time of host and worker.</summary>
    private sealed class Way(Func<CancellationToken, double> call)
    {
        public Func<CancellationToken, double> Call => call;

        public Timings Times { get; } = new();

        public double HostTotal { get; set; }

        public double WorkerTotal { get; set; }

        public double HostMilliseconds => HostTotal / Times.Count;

        public double WorkerMilliseconds => WorkerTotal / Times.Count;
    }
}
