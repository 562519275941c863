using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Embedded.Runtime.Durable;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Embedded.Runtime.Durable;

/// <summary>An engine on a file of its own, with orchestrators and activities written as lambdas.</summary>
internal sealed class EngineHost : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("durable-");
    private DurableEngine? _engine;

    public ManualTime Time { get; } = new();

    public DurableRegistry Registry { get; } = new();

    public DurableEngineOptions Options { get; } = new();

    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;

    public DurableEngine Engine => _engine!;

    public DurableTaskClient Client => _engine!.Client;

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public EngineHost Orchestrator<T>(string name, Func<TaskOrchestrationContext, Task<T>> code)
    {
        Registry.AddOrchestrator(name, async context => await code(context));
        return this;
    }

    public EngineHost ActivityAsync<TIn, TOut>(string name, Func<TIn, Task<TOut>> code)
    {
        Registry.AddActivity(name, async (invocation, _) => JsonDataConverter.Default.Serialize(
            await code(JsonDataConverter.Default.Deserialize<TIn>(invocation.Input)!)));
        return this;
    }

    public EngineHost Activity<TIn, TOut>(string name, Func<TIn, TOut> code) =>
        ActivityAsync(name, (TIn input) => Task.FromResult(code(input)));

    public async Task<EngineHost> StartAsync()
    {
        Options.DatabasePath = Path.Combine(_folder.FullName, "durable.db");
        _engine = new DurableEngine(Options, Registry, Time, Loggers);
        await _engine.StartAsync(Cancellation);
        return this;
    }

    /// <summary>Ends the engine as a crash would and starts another on the same file.</summary>
    public async Task CrashAndRestartAsync()
    {
        _engine!.Abandon();
        await StartAsync();
    }

    public async Task RestartAsync()
    {
        await _engine!.StopAsync(Cancellation);
        await StartAsync();
    }

    public async Task<OrchestrationMetadata> RunAsync(string name, object? input = null)
    {
        string id = await Client.ScheduleNewOrchestrationInstanceAsync(name, input, Cancellation);
        return await FinishAsync(id);
    }

    public Task<string> BeginAsync(string name, object? input = null, string? id = null) =>
        Client.ScheduleNewOrchestrationInstanceAsync(name, input, new StartOrchestrationOptions(id), Cancellation);

    public Task<OrchestrationMetadata> FinishAsync(string id) =>
        Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, Cancellation);

    /// <summary>Waits until every message has been dealt with and nothing runs: what has not happened by then will not happen by itself.</summary>
    public Task QuietAsync() => _engine!.QuietAsync(Cancellation);

    public async ValueTask DisposeAsync()
    {
        _engine?.Abandon();
        await Task.CompletedTask;
        _folder.Delete(recursive: true);
    }
}
