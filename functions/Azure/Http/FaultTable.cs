using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Serverless.Alerts;
using Serverless.Captures.Reports;
using Serverless.Inference;
using Serverless.Inference.Serving;
using Serverless.Ingest.Searches;
using Serverless.Ingest.Sources;
using Serverless.Media;
using Serverless.Orchestrations.Operations;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Rollout;
using Serverless.Serving;
using Serverless.Storage;
using Serverless.Validation.Golden;
using Serverless.Validation.Trials;

namespace Serverless.Functions.Azure.Http;

/// <summary>How a fault is answered.</summary>
/// <param name="RetryAfter">When trying again may help.</param>
/// <param name="Message">Where what the fault itself says is not for whoever asked: the log has it then.</param>
internal sealed record FaultAnswer(int Status, TimeSpan? RetryAfter = null, string? Message = null);

/// <summary>The one table from kinds of faults to statuses. What it does not name is a fault of ours: 500.</summary>
internal static class FaultTable
{
    private const string NoRunStore =
        "The run store does not answer or takes no writes at present, so this was not confirmed. Look whether it was done, then try again.";

    /// <param name="request">Which a lost compare-and-swap answers differently where it had a condition of its own; null where there is
    /// none.</param>
    public static FaultAnswer? Of(Exception fault, HttpRequest? request = null) =>
        fault switch
        {
            RequestProblem problem => new(problem.Status, problem.RetryAfter),
            ServingException serving => new(ServingStatus.Of(serving.Fault), serving.RetryAfter),
            RegistryException { Fault: not RegistryFault.Corrupt } registry => new(StatusOf(registry.Fault, request)),
            ModelVersionException => new(StatusCodes.Status400BadRequest),
            GoldenException golden => new(StatusOf(golden.Fault, request)),
            AlertException alert => new(StatusOf(alert.Fault, request)),
            SourceException source => new(StatusOf(source.Fault)),
            RunActException act => new(StatusOf(act.Fault)),
            NotServedException => new(StatusCodes.Status404NotFound),
            UnknownArmException => new(StatusCodes.Status400BadRequest),
            ModelFaultException => new(StatusCodes.Status500InternalServerError),
            LoadsBusyException busy => new(StatusCodes.Status503ServiceUnavailable, busy.RetryAfter),
            ModelRejectedException => new(StatusCodes.Status422UnprocessableEntity),
            BadHttpRequestException broken => new(broken.StatusCode),
            MediaRejectedException media => new(StatusOf(media.Fault)),
            OutcomeRejectedException => new(StatusCodes.Status400BadRequest),
            SealsUnavailableException => new(StatusCodes.Status503ServiceUnavailable, TimeSpan.FromSeconds(5)),
            SearchServiceException { IsTransient: true } => new(StatusCodes.Status503ServiceUnavailable, TimeSpan.FromSeconds(5)),
            SearchServiceException => new(StatusCodes.Status502BadGateway),
            RpcException rpc when IsOfRunStore(rpc.StatusCode) => new(
                StatusCodes.Status503ServiceUnavailable,
                TimeSpan.FromSeconds(5),
                NoRunStore
            ),
            ObjectPathException => new(StatusCodes.Status400BadRequest),
            ObjectTooLargeException => new(StatusCodes.Status413PayloadTooLarge),
            _ => null,
        };

    /// <summary>Also of what the table does not name.</summary>
    public static int StatusOf(Exception fault) => Of(fault)?.Status ?? StatusCodes.Status500InternalServerError;

    /// <summary>
    /// Only the host, which holds the run store, is asked by gRPC. What its store throws arrives as internal or unknown; what the caller
    /// asked wrongly has codes of its own.
    /// </summary>
    private static bool IsOfRunStore(StatusCode code) =>
        code is StatusCode.Unavailable or StatusCode.Internal or StatusCode.Unknown or StatusCode.DeadlineExceeded or StatusCode.Aborted;

    private static int StatusOf(RegistryFault fault, HttpRequest? request) =>
        fault switch
        {
            RegistryFault.Invalid => StatusCodes.Status400BadRequest,
            RegistryFault.Missing => StatusCodes.Status404NotFound,
            RegistryFault.Conflict when request?.Headers.IfMatch.Count > 0 => StatusCodes.Status412PreconditionFailed,
            // conflict, protected, unsigned; what is corrupt is a fault of ours, or somebody's work on the storage
            _ => StatusCodes.Status409Conflict,
        };

    private static int StatusOf(SourceFault fault) =>
        fault switch
        {
            SourceFault.Invalid => StatusCodes.Status400BadRequest,
            SourceFault.Missing => StatusCodes.Status404NotFound,
            _ => StatusCodes.Status409Conflict,
        };

    private static int StatusOf(RunActFault fault) =>
        fault switch
        {
            RunActFault.Invalid => StatusCodes.Status400BadRequest,
            RunActFault.Missing => StatusCodes.Status404NotFound,
            _ => StatusCodes.Status409Conflict,
        };

    private static int StatusOf(MediaFault fault) =>
        fault switch
        {
            MediaFault.Unsupported => StatusCodes.Status415UnsupportedMediaType,
            MediaFault.TooLarge => StatusCodes.Status413PayloadTooLarge,
            _ => StatusCodes.Status422UnprocessableEntity,
        };

    private static int StatusOf(GoldenFault fault, HttpRequest? request) =>
        fault switch
        {
            GoldenFault.Missing => StatusCodes.Status404NotFound,
            GoldenFault.TooLarge => StatusCodes.Status413PayloadTooLarge,
            GoldenFault.Conflict => request?.Headers.IfMatch.Count > 0
                ? StatusCodes.Status412PreconditionFailed
                : StatusCodes.Status409Conflict,
            _ => StatusCodes.Status422UnprocessableEntity,
        };

    private static int StatusOf(AlertFault fault, HttpRequest? request) =>
        fault switch
        {
            AlertFault.Invalid => StatusCodes.Status400BadRequest,
            AlertFault.Missing => StatusCodes.Status404NotFound,
            _ => request?.Headers.IfMatch.Count > 0 ? StatusCodes.Status412PreconditionFailed : StatusCodes.Status409Conflict,
        };
}
