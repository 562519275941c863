using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Serverless.Inference;
using Xunit;

namespace Serverless.Unit.Inference;

public sealed class InferenceOptionsTests
{
    [Fact]
    public void AddInference_WithBadOptions_NamesThemAll()
    {
        using ServiceProvider services = new ServiceCollection()
            .AddInference(options => (options.Threads, options.MaxBatchTokens) = (-1, 0))
            .BuildServiceProvider();

        var error = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<RuntimeOptions>>().Value);

        Assert.All(["Threads", "MaxBatchTokens"], (string name) => Assert.Contains(name, error.Message, StringComparison.Ordinal));
    }
}
