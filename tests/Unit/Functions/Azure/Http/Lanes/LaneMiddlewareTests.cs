using System.Reflection;
using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Moq;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Http.Lanes;
using Serverless.Local.Stack;
using Serverless.Storage;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Http.Lanes;

public sealed class LaneMiddlewareTests
{
    [Fact]
    public async Task Invoke_WhereALaneIsFull_RefusesAtOnce_AndHoldsUpNoOther()
    {
        using LaneMiddleware lanes = new(new LaneOptions { Predictions = 1 }, TimeProvider.System);
        TaskCompletionSource answer = new();
        Task first = lanes.Invoke(ContextOf("Predict"), _ => answer.Task);

        RequestProblem refused = await Assert.ThrowsAsync<RequestProblem>(() =>
            lanes.Invoke(ContextOf("InferModel"), _ => Task.CompletedTask)
        );
        await lanes.Invoke(ContextOf("RollbackModel"), _ => Task.CompletedTask);
        await lanes.Invoke(ContextOf("UploadAsset"), _ => Task.CompletedTask);
        answer.SetResult();
        await first;
        await lanes.Invoke(ContextOf("Predict"), _ => Task.CompletedTask);

        Assert.Equal((429, TimeSpan.FromSeconds(1)), (refused.Status, refused.RetryAfter));
        Assert.StartsWith("1 requests of the lane 'predictions'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_OfWhatFails_GivesItsPlaceBack()
    {
        using LaneMiddleware lanes = new(new LaneOptions { Predictions = 1 }, TimeProvider.System);

        await Assert.ThrowsAsync<IOException>(() => lanes.Invoke(ContextOf("Predict"), _ => throw new IOException("gone")));

        await lanes.Invoke(ContextOf("Predict"), _ => Task.CompletedTask);
    }

    [Fact]
    public void Functions_InLanes_AreThere()
    {
        using LaneMiddleware lanes = new(new LaneOptions(), TimeProvider.System);
        IEnumerable<string> functions = typeof(LaneMiddleware)
            .Assembly.GetTypes()
            .SelectMany(type => type.GetMethods())
            .Select(method => method.GetCustomAttribute<FunctionAttribute>()?.Name)
            .OfType<string>();

        Assert.Empty(lanes.Functions.Except(functions));
    }

    [Fact]
    public void Options_AsTheyAre_StayUnderWhatTheFunctionsHostAdmits()
    {
        LaneOptions options = new();
        using JsonDocument host = JsonDocument.Parse(File.ReadAllText(Path.Combine(Checkout.Root, "host.json")));
        int admitted = host.RootElement.GetProperty("extensions").GetProperty("http").GetProperty("maxConcurrentRequests").GetInt32();

        int lanes = options.Predictions + options.Uploads + options.Events + options.Streams + (4 * options.Bodies);

        Assert.InRange(lanes, 1, admitted - 256); // those are for what is in no lane
    }

    [Fact]
    public void Options_OutOfBounds_AreNamed()
    {
        LaneOptions options = new() { Uploads = 0 };

        Assert.Equal(["Lanes:Uploads is 0; allowed are 1 to 10,000."], OptionsCheck.Find(("Lanes", options)));
    }

    private static FunctionContext ContextOf(string function)
    {
        Mock<FunctionDefinition> definition = new();
        definition.Setup(known => known.Name).Returns(function);
        Mock<FunctionContext> context = new();
        context.Setup(known => known.FunctionDefinition).Returns(definition.Object);
        context.Setup(known => known.Items).Returns(new Dictionary<object, object>());
        return context.Object;
    }
}
