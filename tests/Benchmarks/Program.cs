using System.CommandLine;
using Serverless.Benchmarks;
using Serverless.Embedded.Stack;
using Spectre.Console;

Option<bool> quick = new("--quick") { Description = "A few seconds of everything, to see that it runs; the numbers mean little" };
RootCommand root = new("Measures the pipeline against named limits and peers; writes artifacts/bench.json.") { quick };
root.SetAction(async (parsed, cancellation) =>
{
    bool isQuick = parsed.GetValue(quick);
    BenchReport report = new();
    AnsiConsole.WriteLine("Tokenizers ...");
    foreach (string name in TokenizerBenchmark.Names)
        report.Add(TokenizerBenchmark.Compare(name, turns: isQuick ? 1 : 3, TimeSpan.FromSeconds(isQuick ? 0.3 : 3)));
    AnsiConsole.WriteLine("Pipeline ...");
    await using (PipelineBenchmark pipeline = await PipelineBenchmark.StartAsync(TimeProvider.System, cancellation))
    {
        await pipeline.MeasureLatencyAsync(report, uploads: isQuick ? 5 : 50, cancellation);
        await pipeline.MeasureThroughputAsync(report, texts: isQuick ? 20 : 2000, images: isQuick ? 10 : 500, cancellation);
        await pipeline.MeasureVideoAsync(report, rounds: isQuick ? 1 : 5, cancellation);
        pipeline.MeasureMemory(report);
    }
    if (Console.IsOutputRedirected)
        AnsiConsole.Profile.Width = 160;
    report.Print();
    report.Write(isQuick);
    return 0;
});
try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (StackException e)
{
    AnsiConsole.MarkupLineInterpolated($"[red]{e.Message}[/]");
    return 1;
}
