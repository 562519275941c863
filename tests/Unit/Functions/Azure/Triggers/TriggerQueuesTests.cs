using System.Reflection;
using Azure.Storage.Queues;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Functions.Azure.Triggers;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Triggers;

public sealed class TriggerQueuesTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Starting_CreatesTheQueues_AndMayFindThemThere()
    {
        AzuriteServer azurite = await servers.Azurite;
        string first = $"q{Guid.NewGuid():N}",
            second = $"q{Guid.NewGuid():N}";
        await new QueueClient(azurite.ConnectionString, second).CreateAsync(cancellationToken: Token);

        await Queues(azurite.Options, first, second, TimeProvider.System).StartingAsync(Token);

        Assert.True(await new QueueClient(azurite.ConnectionString, first).ExistsAsync(Token));
    }

    [Fact]
    public async Task Starting_WhileStorageIsAway_GoesOnWithoutThem()
    {
        ManualTime time = new();
        AzureStorageOptions away = new() { ConnectionString = "UseDevelopmentStorage=true;DevelopmentStorageProxyUri=http://127.0.0.1:9" };
        Task starting = Queues(away, "first", "second", time).StartingAsync(Token);

        Assert.False(starting.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(5));
        await starting;
    }

    [Fact]
    public void QueuesThatAreCreated_AreThoseThatTriggersRead()
    {
        IEnumerable<string> read = typeof(TriggerQueues)
            .Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .SelectMany(method => method.GetParameters())
            .Select(parameter => parameter.GetCustomAttribute<QueueTriggerAttribute>()?.QueueName)
            .OfType<string>();
        IEnumerable<object?> created = typeof(TriggerQueues)
            .GetConstructors()
            .Single()
            .GetParameters()
            .Select(parameter => parameter.GetCustomAttribute<FromKeyedServicesAttribute>()?.Key)
            .Where(key => key is not null);

        Assert.Equal(read.Order(), created.Cast<string>().Order());
    }

    private static TriggerQueues Queues(AzureStorageOptions options, string first, string second, TimeProvider time) =>
        new(
            new AzureWorkQueue(options, first),
            new AzureWorkQueue(options, $"{first}-deleted"),
            new AzureWorkQueue(options, second),
            time,
            NullLogger<TriggerQueues>.Instance
        );
}
