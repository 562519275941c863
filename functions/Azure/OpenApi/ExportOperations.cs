using Serverless.Exports;
using Serverless.Exports.Files;
using Serverless.Functions.Azure.Exports;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Retraining;
using Serverless.Functions.Azure.Validation;
using Serverless.Orchestrations.Exports;

namespace Serverless.Functions.Azure.OpenApi;

internal static class ExportOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new Operation("StartExport", "Writes captured predictions and the feedback on them as one Parquet file with a data card")
            .ByName()
            .Takes<ExportQuery>()
            .Gives<ExportRunAnswer>(202, "Started; Location says where its status is")
            .Fails(404),
        new Operation("StartRetraining", "Trains a version from an export, registers and validates it, and starts its promotion")
            .ByName()
            .Takes<RetrainQuery>()
            .Gives<RetrainAnswer>(202, "Started; Location says where its status is")
            .Fails(404, 409),
        new Operation("ListExports", "Exports by name, each in one line")
            .Query("name", "Of one name")
            .Query("limit", "At most so many, 1 to 200; 50 if absent", "integer")
            .Gives<ListAnswer<ExportLine>>(),
        new Operation("ShowExport", "The data card: what is in an export, and what was left out").Gives<ExportCard>().Fails(404, 410),
        new Operation("ShowExportData", "The rows of an export").Gives(ExportStore.DataType, "Apache Parquet").Fails(404, 410),
        new Operation("ShowExportRun", "How far an export has come that is being written, and how it ended")
            .Gives<ExportProgressAnswer>()
            .Fails(404),
        new Operation("RemoveExport", "Removes the rows of an export for good; a record says who did it and why")
            .ByName()
            .Takes<ReasonRequest>(isOptional: true)
            .Gives<ExportRemoval>()
            .Fails(404, 410),
        new Operation(
            "DrawGolden",
            "Items of a golden set from the labelled texts of an export; a person makes the review of each accepted or rejected"
        )
            .Query("rows", "At most so many, 1 to 2,000; 200 if absent", "integer")
            .Query("seed", "Draws others; 0 if absent", "integer")
            .Gives("application/jsonl", "A golden item a line")
            .Fails(404, 409),
        new Operation(
            "DrawGoldenDraft",
            "Draws a draft of a golden set, of texts or of uploaded pictures, which people review; the same again is the same draft"
        )
            .ByName()
            .Query("rows", "At most so many, 1 to 2,000, of pictures 500; 200 if absent", "integer")
            .Query("seed", "Draws others; 0 if absent", "integer")
            .Query("labels", "reported, or suggested: rows that nobody labelled come with what the model answered; reported if absent")
            .Gives<GoldenDraftLine>(201, "Drawn; Location says where it is")
            .Fails(404, 409),
        new Operation(
            "ShowAssetLineage",
            "Versions that analysed an asset, exports that have, or had, rows of it, and versions that learnt from them"
        )
            .Gives<AssetUse>()
            .Fails(404),
    ];
}
