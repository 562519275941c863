using Google.Protobuf.WellKnownTypes;
using Microsoft.Azure.WebJobs;
using Serverless.Local.Host;
using Serverless.Local.Host.Functions;
using Serverless.Local.Host.Worker.Messages;
using Xunit;

namespace Serverless.Unit.Local.Host.Functions;

public sealed class FunctionDefinitionTests
{
    [Fact]
    public void From_Bindings_AreSortedByRole()
    {
        RpcFunctionMetadata metadata = new()
        {
            FunctionId = "7",
            Name = "Copy",
            RawBindings =
            {
                """{ "name": "client", "type": "durableClient", "direction": "In", "properties": {} }""",
                """{ "name": "blob", "type": "blobTrigger", "direction": "In", "properties": { "supportsDeferredBinding": "True" } }""",
                """{ "name": "$return", "type": "queue", "direction": "Out", "queueName": "copies" }""",
                """{ "name": "$return", "type": "http", "direction": "Out" }""",
            },
        };

        FunctionDefinition function = FunctionDefinition.From(metadata);

        Assert.Equal("blob", function.Trigger.Name);
        Assert.True(function.Trigger.IsDeferred);
        Assert.Equal(["client"], function.Inputs.Select(input => input.Name));
        Assert.Equal(["copies"], function.Outputs.Select(output => output.Property("queueName")));
        Assert.Null(function.Retry);
    }

    [Fact]
    public void From_NoTrigger_NamesTheFunction()
    {
        HostStartException failure = Assert.Throws<HostStartException>(() =>
            FunctionDefinition.From(new RpcFunctionMetadata { Name = "Idle" })
        );

        Assert.Contains("'Idle'", failure.Message);
    }

    [Fact]
    public void RetryOf_FixedDelay_IsTheOfficialAttribute()
    {
        RpcRetryOptions options = new()
        {
            RetryStrategy = RpcRetryOptions.Types.RetryStrategy.FixedDelay,
            MaxRetryCount = 3,
            DelayInterval = Duration.FromTimeSpan(TimeSpan.FromSeconds(10)),
        };

        FixedDelayRetryAttribute retry = Assert.IsType<FixedDelayRetryAttribute>(FunctionDefinition.RetryOf(options));

        Assert.Equal((3, "00:00:10"), (retry.MaxRetryCount, retry.DelayInterval));
    }

    [Fact]
    public void RetryOf_Backoff_IsTheOfficialAttribute()
    {
        RpcRetryOptions options = new()
        {
            RetryStrategy = RpcRetryOptions.Types.RetryStrategy.ExponentialBackoff,
            MaxRetryCount = 5,
            MinimumInterval = Duration.FromTimeSpan(TimeSpan.FromSeconds(4)),
            MaximumInterval = Duration.FromTimeSpan(TimeSpan.FromMinutes(15)),
        };

        var retry = Assert.IsType<ExponentialBackoffRetryAttribute>(FunctionDefinition.RetryOf(options));

        Assert.Equal((5, "00:00:04", "00:15:00"), (retry.MaxRetryCount, retry.MinimumInterval, retry.MaximumInterval));
    }
}
