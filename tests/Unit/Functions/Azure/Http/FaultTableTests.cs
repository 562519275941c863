using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Serverless.Functions.Azure.Http;
using Serverless.Inference;
using Serverless.Inference.Serving;
using Serverless.Media;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Rollout;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Http;

public sealed class FaultTableTests
{
    [Theory]
    [
        InlineData(ServingFault.InvalidInput, 400),
        InlineData(ServingFault.WrongTask, 400),
        InlineData(ServingFault.ItemTooLarge, 413),
        InlineData(ServingFault.QueueFull, 429)
    ]
    [
        InlineData(ServingFault.DeadlinePassed, 504),
        InlineData(ServingFault.OutOfMemory, 503),
        InlineData(ServingFault.LoadFailed, 503),
        InlineData(ServingFault.OutOfService, 503),
        InlineData(ServingFault.Stopping, 503)
    ]
    public void Serving_EveryFault_HasItsStatus_AndSaysWhenToTryAgain(ServingFault fault, int status)
    {
        FaultAnswer? answer = FaultTable.Of(new ServingException(fault, "x") { RetryAfter = TimeSpan.FromSeconds(2) });

        Assert.Equal(new FaultAnswer(status, TimeSpan.FromSeconds(2)), answer);
    }

    [Theory]
    [
        InlineData(RegistryFault.Invalid, 400),
        InlineData(RegistryFault.Missing, 404),
        InlineData(RegistryFault.Conflict, 409),
        InlineData(RegistryFault.Protected, 409)
    ]
    [InlineData(RegistryFault.Unsigned, 409), InlineData(RegistryFault.Corrupt, null)]
    public void Registry_EveryFault_HasItsStatus(RegistryFault fault, int? status) =>
        Assert.Equal(status, FaultTable.Of(new RegistryException(fault, "x"))?.Status);

    [Fact]
    public void Registry_ALostCondition_Is412()
    {
        DefaultHttpContext http = new() { Request = { Headers = { IfMatch = "\"tag\"" } } };

        Assert.Equal(412, FaultTable.Of(new RegistryException(RegistryFault.Conflict, "x"), http.Request)!.Status);
    }

    /// <summary>As the host gives on what its store throws; what the caller asked wrongly is no matter of the store.</summary>
    [Theory]
    [
        InlineData(StatusCode.Internal, 503),
        InlineData(StatusCode.Unknown, 503),
        InlineData(StatusCode.Unavailable, 503),
        InlineData(StatusCode.DeadlineExceeded, 503),
        InlineData(StatusCode.InvalidArgument, null),
        InlineData(StatusCode.NotFound, null),
        InlineData(StatusCode.Cancelled, null)
    ]
    public void RunStore_ThatIsAway_SaysWhenToTryAgain(StatusCode code, int? status)
    {
        FaultAnswer? answer = FaultTable.Of(new RpcException(new Status(code, "/data/runs.db is full")));

        Assert.Equal(status, answer?.Status);
        Assert.Equal(status is null, answer?.RetryAfter is null);
    }

    [Fact]
    public void Others_HaveTheirStatus_AndWhatIsUnknownHasNone()
    {
        (Exception, int?)[] known =
        [
            (new NotServedException("prod", "m"), 404),
            (new UnknownArmException("m", "x", ["stable"]), 400),
            (new ModelRejectedException("x"), 422),
            (new ModelFaultException(new ModelReference("m", "1", "d"), "x"), 500),
            (new MediaRejectedException("x"), 422),
            (new MediaRejectedException(MediaFault.Malformed, "x"), 422),
            (new MediaRejectedException(MediaFault.Unsupported, "x"), 415),
            (new MediaRejectedException(MediaFault.TooLarge, "x"), 413),
            (RequestProblem.TooLarge("x"), 413),
            (new InvalidOperationException("x"), null),
            (new OperationCanceledException(), null),
        ];

        Assert.All(known, each => Assert.Equal(each.Item2, FaultTable.Of(each.Item1)?.Status));
    }
}
