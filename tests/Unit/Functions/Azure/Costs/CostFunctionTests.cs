using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Functions.Azure.Costs;
using Serverless.Inference;
using Serverless.Serving;
using Serverless.Unit.Inference;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Costs;

public sealed class CostFunctionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cost_OfAModelThatWasAsked_NamesItsVersion_ItsPredictions_AndWhatTheyCost()
    {
        using InferenceRuntime runtime = new(new RuntimeOptions());
        using TextEmbedder embedder = new(runtime, TestModels.Load("text-mean"));
        embedder.Embed(["a cat sat on the mat", "a dog"], Token);

        JsonElement answer = await AskAsync(runtime, 0.05);

        JsonElement model = Assert.Single(answer.GetProperty("models").EnumerateArray());
        double seconds = model.GetProperty("processorSeconds").GetDouble();
        Assert.Equal(("text-mean", "1"), (model.GetProperty("model").GetString(), model.GetProperty("version").GetString()));
        Assert.Equal(3, model.GetProperty("predictions").GetInt64()); // one was the trial of the load
        Assert.Equal(seconds / 3_600 * 0.05, model.GetProperty("cost").GetDouble(), 12);
        Assert.Equal(model.GetProperty("cost").GetDouble() * 1_000 / 3, model.GetProperty("costPerThousand").GetDouble(), 9);
        Assert.InRange(answer.GetProperty("since").GetDateTimeOffset(), DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task Cost_WithoutPrices_SaysSo_AndThatItIsOfThisProcess()
    {
        JsonElement answer = await AskAsync(TestModels.Runtime, 0);

        Assert.StartsWith("This process alone, since it started.", answer.GetProperty("scope").GetString(), StringComparison.Ordinal);
        Assert.Contains(answer.GetProperty("unpriced").EnumerateArray(), line =>
            line.GetString()!.StartsWith("Prices:PerProcessorHour is 0, which stands for 'not configured'", StringComparison.Ordinal)
        );
    }

    private static async Task<JsonElement> AskAsync(InferenceRuntime runtime, double perProcessorHour)
    {
        await using FunctionsApp app = await FunctionsApp.StartAsync([typeof(CostFunction)], services =>
            services.AddSingleton(runtime).AddCosts(options => options.PerProcessorHour = perProcessorHour)
        );
        return await app.Client.GetFromJsonAsync<JsonElement>("api/cost", Token);
    }
}
