using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Orchestrations.Validation;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Runs;
using Serverless.Storage;
using Serverless.Unit.Orchestrations.Running;
using Serverless.Unit.Servers;
using Serverless.Unit.Validation;
using Serverless.Validation;
using Serverless.Validation.Golden;
using Serverless.Validation.Reports;
using Serverless.Webhooks;
using Xunit;

namespace Serverless.Unit.Orchestrations.Validation;

/// <summary>Validations over Azurite, with trials in real processes, of a model and in environments of its own.</summary>
internal sealed class ValidationRig : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly DirectoryInfo _cache = Directory.CreateTempSubdirectory("registry-");

    private ValidationRig(AzureStorageOptions storage)
    {
        Told = new AzureWorkQueue(storage, $"told-{Guid.NewGuid():N}");
        _services = new ServiceCollection()
            .AddLogging()
            .AddRunIndex(options => options.WaitAtMost = TimeSpan.Zero)
            .AddStorage(options => options.Azure = storage)
            .AddRegistry(options => (options.Environments, options.CacheFolder) = (["dev", Environment], _cache.FullName))
            .AddModelValidation(options =>
            {
                (options.Trial.Program, options.Trial.TimedAnswers) = (Candidates.Program, 16);
                (options.Gates.Replicates, options.Gates.LatencySlack) = (200, TimeSpan.FromSeconds(1));
            })
            .AddSingleton(new WebhookPublisher(Told, TimeProvider.System))
            .BuildServiceProvider();
        Host.Registry.AddOrchestrator<ValidateModelInput, ValidationResult>(nameof(ValidateModel), ValidateModel.RunAsync);
        Host.Registry.AddActivity(nameof(TryModel), async (invocation, cancellationToken) =>
        {
            await Make<TryModel>()
                .RunAsync(
                    JsonDataConverter.Default.Deserialize<ValidationFacts>(invocation.Input)!,
                    invocation.InstanceId,
                    Host.Client,
                    cancellationToken
                );
            return null;
        });
        Host.ActivityAsync<CheckModelInput, ValidationFacts>(nameof(CheckModel), input => Make<CheckModel>().RunAsync(input, Cancellation))
            .ActivityAsync<ValidationFacts, ValidationResult>(nameof(JudgeModel), facts =>
                Make<JudgeModel>().RunAsync(facts, Cancellation)
            );
    }

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public OrchestrationRunner Host { get; } = new();

    /// <summary>Where webhooks' events go.</summary>
    public AzureWorkQueue Told { get; }

    public string Environment { get; } = $"t{Guid.NewGuid():N}"[..16];

    public string Model { get; } = $"candidate-{Guid.NewGuid():N}";

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public T Make<T>() => ActivatorUtilities.CreateInstance<T>(_services);

    /// <summary>
    /// With these packages of tests/Data/candidates registered in turn, as by a process that loads none: some of them do not load.
    /// </summary>
    public static async Task<ValidationRig> StartAsync(SharedServers servers, params string[] packages)
    {
        ValidationRig rig = new((await servers.Azurite).Options);
        IObjectStore store = rig.Get<IEnumerable<IObjectStore>>().First();
        ModelRegistry registry = new(store, rig.Get<RegistryOptions>(), TimeProvider.System, [], tryLoad: null);
        foreach (string package in packages)
        {
            await registry.RegisterAsync(Candidates.Folder(package), new Registration(rig.Model, "tests"), Cancellation);
        }
        return rig;
    }

    public async Task StoreGoldenAsync(IReadOnlyList<GoldenItem> items)
    {
        GoldenScope scope = GoldenScope.OfModel(Model);
        GoldenLines lines = GoldenLines.Read(Candidates.Lines(items), ModelTask.TextClassification);
        GoldenSet set = await Get<GoldenSets>().StoreAsync(scope, lines, Cancellation);
        await Get<GoldenSets>().PointAsync(Environment, scope, set, "tests", null, Cancellation);
    }

    public async Task<ValidationResult> ValidateAsync(int version, string? environment = null, string key = "1")
    {
        string id = await Host.Client.StartAsync(new ValidateModelInput(Model, version, environment ?? Environment), key, Cancellation);
        OrchestrationMetadata run = await FinishAsync(id);
        Assert.Null(run.FailureDetails?.ErrorMessage);
        return run.ReadOutputAs<ValidationResult>()!;
    }

    /// <summary>Returns the run's id once its trial is held.</summary>
    public async Task<string> BeginTrialAsync(int version)
    {
        string id = await Host.Client.StartAsync(new ValidateModelInput(Model, version, Environment), "1", Cancellation);
        await Recorder.UntilAsync(async () =>
            (await Host.Client.GetInstanceAsync(id, getInputsAndOutputs: true, Cancellation))!.SerializedCustomStatus?.Contains(
                "trying",
                StringComparison.Ordinal
            ) == true
        );
        return id;
    }

    /// <summary>Lets time pass where nothing else happens, so that a step that failed for a passing reason is taken again.</summary>
    public async Task<OrchestrationMetadata> FinishAsync(string id)
    {
        Task<OrchestrationMetadata> end = Host.FinishAsync(id);
        while (true)
        {
            await await Task.WhenAny(end, Host.QuietAsync());
            if (end.IsCompleted)
            {
                return await end;
            }
            Host.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }

    public async Task<string> ReadReportAsync(int version, string name)
    {
        (Stream content, _) = (await Get<ModelReports>().OpenAsync(new ModelVersion(Model, version), name, Cancellation))!.Value;
        using StreamReader reader = new(content);
        return await reader.ReadToEndAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await _services.DisposeAsync();
        _cache.Delete(recursive: true);
    }
}
