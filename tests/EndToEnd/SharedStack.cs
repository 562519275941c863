using Azure.Storage.Blobs;
using Serverless.Local.Stack;
using Serverless.Local.Stack.Models;
using Xunit;

[assembly: AssemblyFixture(typeof(Serverless.EndToEnd.SharedStack))]
// Besides the shared stack; each is seven processes, and they start processes all the time.
[assembly: Xunit.v3.Parallelization(MaxThreads = 3)]
[assembly: TestCollectionOrderer(typeof(Serverless.EndToEnd.LongestFirst))]

namespace Serverless.EndToEnd;

/// <summary>One running system for all tests that only upload and look. Tests that kill or cut something start their own.</summary>
public sealed class SharedStack : IAsyncLifetime
{
    /// <summary>What a processor costs there.</summary>
    public const string PerProcessorHour = "0.05";

    public LocalStack Stack { get; private set; } = null!;

    public PipelineClient Client { get; private set; } = null!;

    /// <summary>What the Azure store held at the very first start, before anything was uploaded.</summary>
    public IReadOnlyList<string> FirstContainers { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        StackOptions options = OwnStack.Options(
            "shared",
            [
                ("Captures:EmbeddingShare", "1"),
                ("Prices:PerProcessorHour", PerProcessorHour),
                ("Validation:Trial:MaxMemoryBytes", $"{700 << 20}"),
                BadCanary.Setting("prod"),
                ("Promotion:Plans:dev", """{ "validation": false }"""),
                ("Webhooks:AllowHttp", "true"),
                ("Webhooks:AllowPrivateAddresses", "true"),
                ("Drift:FollowUps:0", "Alert"),
                ("Drift:FollowUps:1", "OpenShadow"),
                ("Drift:FollowUps:2", "Retrain"),
                ("Drift:Shadow:Version", "Newest"),
                .. ListedKeys.Settings,
            ]
        ) with
        {
            Models = SampleModels.Folders,
            HasGoldenSets = true,
        };
        ListedKeys.Write(options.DataDirectory);
        Stack = await LocalStack.StartAsync(options, TimeProvider.System, CancellationToken.None);
        FirstContainers = [.. new BlobServiceClient(Stack.AzureConnectionString).GetBlobContainers().Select(container => container.Name)];
        Client = new PipelineClient(Stack);
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (Stack is not null)
        {
            await Stack.DisposeAsync();
        }
    }
}
