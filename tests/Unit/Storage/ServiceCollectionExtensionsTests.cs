using Microsoft.Extensions.DependencyInjection;
using Serverless.Storage;
using Xunit;

namespace Serverless.Unit.Storage;

public sealed class ServiceCollectionExtensionsTests
{
    [Fact]
    public void AddStorage_BothStores_ResolvesStoresAndQueuesByName()
    {
        using ServiceProvider services = new ServiceCollection()
            .AddStorage(o =>
            {
                o.Azure.ConnectionString = "UseDevelopmentStorage=true";
                (o.S3.Bucket, o.S3.ServiceUrl) = ("assets", new("http://127.0.0.1:1"));
            })
            .BuildServiceProvider();

        Assert.Equal(["azure", "s3"], services.GetServices<IObjectStore>().Select(s => s.Name));
        AzureWorkQueue jobs = services.GetRequiredKeyedService<AzureWorkQueue>("gpu-jobs");
        Assert.Same(jobs, services.GetRequiredKeyedService<AzureWorkQueue>("gpu-jobs"));
        Assert.Equal("s3", services.GetRequiredKeyedService<S3WorkQueue>("jobs").Name);
    }

    [Fact]
    public void AddStorage_SeveralMistakes_NamesThemAll()
    {
        var refused = Assert.Throws<ArgumentException>(() =>
            new ServiceCollection().AddStorage(o =>
            {
                o.Azure.BlockBytes = 1;
                o.S3.PartBytes = 2;
            })
        );

        Assert.Contains("Storage:Azure:BlockBytes is 1; allowed are 65,536 to 268,435,456.", refused.Message, StringComparison.Ordinal);
        Assert.Contains("S3:PartBytes is 2; allowed are 5,242,880 to 134,217,728.", refused.Message, StringComparison.Ordinal);
    }
}
