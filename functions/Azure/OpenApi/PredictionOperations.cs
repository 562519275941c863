using Serverless.Captures.Reports;
using Serverless.Functions.Azure.Access;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Predictions;

namespace Serverless.Functions.Azure.OpenApi;

internal static class PredictionOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        WithTerms(new Operation("Predict", "Asks the version that serves; the model's task decides what the answer holds"))
            .Takes<PredictBody>()
            .Takes("image/*", "The picture itself")
            .Gives<PredictAnswer>()
            .Fails(404, 408, 410, 413, 415, 422, 500, 504),
        new Operation("Feedback", "Says what became of a prediction")
            .Takes<ReportedOutcome>()
            .Gives<FeedbackAnswer>(202, "Taken, and captured beside the prediction")
            .Fails(413),
        new Operation(
            "CreateFeedbackAddress",
            "Gives an address to upload a file of feedback to, one JSON object a line as POST /api/feedback takes it; at most 64 MiB and "
                + "500,000 lines, taken within a minute"
        ).Gives<UploadAddressAnswer>(201, "PUT the file there with these headers"),
        new Operation("ListFeedbackFiles", "What came of files of feedback, the latest first: lines taken, and those that were not")
            .Query("limit", "1 to 200; 50 if absent", "integer")
            .Gives<ListAnswer<OutcomeFileResult>>(),
    ];

    /// <summary>The headers that all prediction routes have in common.</summary>
    public static Operation WithTerms(Operation operation) =>
        operation
            .Header(CallTermsReader.EnvironmentHeader, "The environment that answers; prod if absent")
            .Header(CallTermsReader.RoutingKeyHeader, "Callers with the same key meet the same version")
            .Header(
                ForcedArm.Header,
                "For testing: stable, canary, or an arm of the experiment; such a call is of the arm `forced`, which no guardrail and no "
                    + "experiment counts"
            )
            .Header(ForcedArm.SignatureHeader, ForcedArm.SignatureDescription)
            .Header(CallTermsReader.PriorityHeader, "low, normal or high")
            .Header(CallTermsReader.DeadlineHeader, "Milliseconds after which no answer is wanted any more", "integer");
}
