using Microsoft.DurableTask;
using Microsoft.DurableTask.Abstractions;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.Logging;
using Moq;
using Moq.Protected;
using Xunit;

namespace Serverless.Unit.Embedded.Packages;

public class DurableTaskAbstractionsTests
{
    [Fact]
    public void TaskNames_CompareWithoutCase()
    {
        TaskName name = "IngestAsset";

        Assert.Equal((TaskName)"ingestasset", name);
        Assert.Equal(default, (TaskName)string.Empty);
        Assert.Equal("IngestAsset", (string)name);
    }

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("", "1.0", -1)]
    [InlineData("1.0", "", 1)]
    [InlineData("1.9", "1.10", -1)]
    [InlineData("v2", "V2", 0)]
    public void Versions_CompareByNumberWherePossible(string one, string other, int expected) =>
        Assert.Equal(expected, Math.Sign(TaskOrchestrationVersioningUtils.CompareVersions(one, other)));

    [Theory]
    [InlineData(0, 1, 1.0, null, null)]
    [InlineData(1, 0, 1.0, null, null)]
    [InlineData(1, 1, 0.5, null, null)]
    [InlineData(1, 10, 1.0, 5, null)]
    [InlineData(1, 10, 1.0, null, 5)]
    public void RetryPolicy_Rejects_WhatCannotBeMeant(int attempts, int first, double coefficient, int? max, int? timeout) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetryPolicy(
            attempts,
            TimeSpan.FromSeconds(first),
            coefficient,
            max is { } m ? TimeSpan.FromSeconds(m) : null,
            timeout is { } t ? TimeSpan.FromSeconds(t) : null));

    [Fact]
    public void FailureDetails_KnowTheirCause_ByTypeNameAndBase()
    {
        TaskFailureDetails details = TaskFailureDetails.FromException(
            new InvalidOperationException("outer", new FileNotFoundException("inner")));

        Assert.True(details.IsCausedBy<InvalidOperationException>());
        Assert.True(details.IsCausedBy<SystemException>());
        Assert.False(details.IsCausedBy<IOException>());
        Assert.True(details.InnerFailure?.IsCausedBy<IOException>());
        Assert.Equal("System.InvalidOperationException: outer", details.ToString());
    }

    [Fact]
    public void JsonConverter_IncludesFields_AndKeepsNames()
    {
        string? json = JsonDataConverter.Default.Serialize((Key: "a", Value: 1));

        Assert.Equal("""{"Item1":"a","Item2":1}""", json);
        Assert.Equal(("a", 1), JsonDataConverter.Default.Deserialize<(string, int)>(json));
        Assert.Null(JsonDataConverter.Default.Serialize(null));
    }

    [Fact]
    public async Task Pageable_EnumeratesAllPages()
    {
        AsyncPageable<int> pages = Pageable.Create((token, _) =>
        {
            int page = int.Parse(token ?? "0", System.Globalization.CultureInfo.InvariantCulture);
            return Task.FromResult(new Page<int>([page * 2, page * 2 + 1], page < 2 ? $"{page + 1}" : null));
        });

        List<int> values = [];
        await foreach (int value in pages)
            values.Add(value);

        Assert.Equal([0, 1, 2, 3, 4, 5], values);
    }

    [Fact]
    public async Task Context_CanBeMocked_WithItsOverloadsForwarding()
    {
        Mock<TaskOrchestrationContext> context = new() { CallBase = true };
        context.Setup(c => c.CallActivityAsync<string>("Greet", "you", null)).ReturnsAsync("hello you");
        context.Setup(c => c.CallActivityAsync<object>("Note", null, null)).ReturnsAsync(new object());

        await context.Object.CallActivityAsync("Note");

        Assert.Equal("hello you", await context.Object.CallActivityAsync<string>("Greet", "you"));
        context.VerifyAll();
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public void ReplaySafeLogger_IsSilent_WhileReplaying(bool replaying, int lines)
    {
        Mock<ILogger> logger = new();
        logger.Setup(l => l.IsEnabled(LogLevel.Information)).Returns(true);
        Mock<ILoggerFactory> factory = new();
        factory.Setup(f => f.CreateLogger("Steps")).Returns(logger.Object);
        Mock<TaskOrchestrationContext> context = new() { CallBase = true };
        context.SetupGet(c => c.IsReplaying).Returns(replaying);
        context.Protected().SetupGet<ILoggerFactory>("LoggerFactory").Returns(factory.Object);

        context.Object.CreateReplaySafeLogger("Steps").LogInformation("a step");

        Assert.Equal(lines, logger.Invocations.Count(call => call.Method.Name == nameof(ILogger.Log)));
    }
}
