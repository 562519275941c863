using System.Diagnostics;
using Serverless.Local.Stack;

namespace Serverless.Benchmarks;

/// <summary>From a start to readiness: the whole stack, the Functions host within it, and the host over stores that run.</summary>
internal sealed class StartBenchmark(TimeProvider time)
{
    private const string Bare = "the host's program asked for its options";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);

    private readonly string _folder = Path.Combine(Checkout.Root, "artifacts", "host");

    /// <summary>The first start makes all that is kept; the second, over what the first one made, goes on running.</summary>
    public async Task<LocalStack> MeasureStackAsync(BenchReport report, CancellationToken cancellationToken)
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
        StackOptions options = new() { DataDirectory = _folder, Ports = StackPorts.Free() };
        await using (await StartAsync(report, "First", options, aim: null, cancellationToken)) { }
        return await StartAsync(report, "Second", options, aim: 5, cancellationToken);
    }

    /// <summary>The host is told to end and is started again by its supervisor; the pause between is left out.</summary>
    public async Task MeasureHostAsync(BenchReport report, LocalStack stack, int times, CancellationToken cancellationToken)
    {
        Timings starts = new(),
            bare = new();
        for (int i = 0; i < times; i++)
        {
            bare.Add(await TimeBareAsync(cancellationToken));
            int before = stack.Functions.ProcessId;
            stack.Functions.Terminate();
            while (stack.Functions.ProcessId == before)
            {
                await Task.Delay(1, cancellationToken);
            }
            starts.Add(await TimeUntilHealthyAsync(stack.FunctionsAddress, cancellationToken));
        }
        report.Add(
            new Measurement(
                "Functions host by itself, from its start until the health function answers, p50",
                starts.Median / 1000,
                "s",
                "lower",
                Peer: Bare,
                PeerValue: bare.Median / 1000,
                Ratio: starts.Median / bare.Median
            )
        );
    }

    private async Task<LocalStack> StartAsync(
        BenchReport report,
        string which,
        StackOptions options,
        double? aim,
        CancellationToken cancellationToken
    )
    {
        TimeSpan bare = await TimeBareAsync(cancellationToken);
        long startedAt = Stopwatch.GetTimestamp();
        Task<TimeSpan> host = TimeUntilHealthyAsync(new Uri($"http://127.0.0.1:{options.Ports.Functions}/"), cancellationToken);
        LocalStack stack = await LocalStack.StartAsync(options, time, cancellationToken);
        TimeSpan all = Stopwatch.GetElapsedTime(startedAt);
        Add("until everything answers", all, aim);
        Add("until the Functions host answers", await host, null);
        return stack;

        void Add(string what, TimeSpan took, double? wanted) =>
            report.Add(
                new Measurement(
                    $"{which} start of the stack, {what}",
                    took.TotalSeconds,
                    "s",
                    "lower",
                    Aim: wanted,
                    Peer: Bare,
                    PeerValue: bare.TotalSeconds,
                    Ratio: took / bare
                )
            );
    }

    private static async Task<TimeSpan> TimeUntilHealthyAsync(Uri host, CancellationToken cancellationToken)
    {
        using HttpClient http = new() { BaseAddress = host, Timeout = AnswerLimit };
        long startedAt = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(startedAt) < Limit)
        {
            if (await IsHealthyAsync(http, cancellationToken))
            {
                return Stopwatch.GetElapsedTime(startedAt);
            }
            await Task.Delay(5, cancellationToken);
        }
        throw new StackException($"{host} was not healthy within {Limit}.");
    }

    private static async Task<bool> IsHealthyAsync(HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage response = await http.GetAsync("api/health", cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>The least that a .NET program of this size takes: it starts, prints a text and ends.</summary>
    private static async Task<TimeSpan> TimeBareAsync(CancellationToken cancellationToken)
    {
        long startedAt = Stopwatch.GetTimestamp();
        string program = Checkout.Program("local/Host", "Serverless.Local.Host");
        ProcessStartInfo info = new("dotnet", [program, "--help"]) { RedirectStandardOutput = true };
        using Process process = Process.Start(info)!;
        await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return Stopwatch.GetElapsedTime(startedAt);
    }
}
