using Serverless.Drift.Checks;
using Serverless.Functions.Azure.Drift;
using Serverless.Functions.Azure.Http;

namespace Serverless.Functions.Azure.OpenApi;

internal static class DriftOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new Operation("DriftSchema", "The JSON schema of drift reports").Gives("application/schema+json", "JSON Schema, draft 2020-12"),
        new Operation("ListDrift", "Of every model the version that serves, with its latest report in one line")
            .Query("environment", "Where; the first that is watched if absent")
            .Gives<ListAnswer<DriftStanding>>(),
        new Operation("ListDriftReports", "What a version is held against, and its reports, each in one line")
            .Query("limit", "At most so many, 1 to 200; 30 if absent", "integer")
            .Query("slice", "Of which the features are told, as language=de; all if absent")
            .Gives<DriftHistory>()
            .Fails(404),
        new Operation("ShowDriftReport", "What one look found, feature by feature and slice by slice").Gives<DriftReport>().Fails(404),
        new Operation("ShowDriftReference", "What a version's windows are held against").Gives<ReferenceAnswer>().Fails(404),
        new Operation("PinDriftReference", "Holds later windows against this one; evidence of earlier looks is forgotten")
            .ByName()
            .Takes<PinQuery>()
            .Gives<ReferenceAnswer>()
            .Fails(404, 409),
        new Operation("StartDriftCheck", "Checks one version over one window; the same check is one run")
            .Takes<DriftCheckQuery>()
            .Gives<DriftCheckAnswer>(202, "Started, or was before; Location says where its status is")
            .Fails(404),
        new Operation("ShowDriftCheck", "A check, and what it found").Gives<DriftCheckAnswer>().Fails(404),
        new Operation("StartDriftBackfill", "Checks past windows one after the other, at a bounded rate; nothing follows from them")
            .Takes<DriftBackfillQuery>()
            .Gives<BackfillAnswer>(202, "Started, or was before; Location says where its status is")
            .Fails(404),
        new Operation("ShowDriftBackfill", "How far a backfill has come").Gives<BackfillAnswer>().Fails(404),
        new Operation("CancelDriftBackfill", "Ends it after the window that it is at")
            .ByName()
            .Takes<ReasonRequest>(isOptional: true)
            .Gives<BackfillAnswer>(202, "Heard")
            .Fails(404),
    ];
}
