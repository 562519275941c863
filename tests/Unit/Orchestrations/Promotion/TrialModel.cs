using Microsoft.Extensions.DependencyInjection;
using Serverless.Registry;
using Serverless.Storage;
using Serverless.Unit.Inference;
using Xunit;

namespace Serverless.Unit.Orchestrations.Promotion;

/// <summary>A model with three versions, registered once a run: tests keep apart by environments.</summary>
internal static class TrialModel
{
    private const string Name = "trial-labels";
    private static readonly SemaphoreSlim OneAtATime = new(1);

    public static async Task<string> RegisterAsync(AzureStorageOptions storage)
    {
        await OneAtATime.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            await using ServiceProvider services = new ServiceCollection()
                .AddStorage(options => options.Azure = storage)
                .AddRegistry()
                .BuildServiceProvider();
            ModelRegistry registry = services.GetRequiredService<ModelRegistry>();
            if ((await registry.ListAsync(Name, TestContext.Current.CancellationToken)).Items.Count == 3)
            {
                return Name;
            }
            foreach (string package in (string[])["labels", "labels-bgr", "labels-nhwc-sigmoid"])
            {
                await registry.RegisterAsync(
                    TestModels.Folder(package),
                    new Registration(Name, "tests"),
                    TestContext.Current.CancellationToken
                );
            }
            return Name;
        }
        finally
        {
            OneAtATime.Release();
        }
    }
}
