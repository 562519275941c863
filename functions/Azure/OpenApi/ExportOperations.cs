using Serverless.Exports;
using Serverless.Exports.Files;
using Serverless.Functions.Azure.Exports;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Retraining;

namespace Serverless.Functions.Azure.OpenApi;

internal static class ExportOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new Operation("StartExport", "Writes captured predictions and the feedback on them as one Parquet file with a data card")
            .ByName()
            .Takes<ExportQuery>()
            .Gives<ExportRunAnswer>(202, "Started; Location says where its status is")
            .Fails(400, 404),
        new Operation("StartRetraining", "Trains a version from an export, registers and validates it, and starts its promotion")
            .ByName()
            .Takes<RetrainQuery>()
            .Gives<RetrainAnswer>(202, "Started; Location says where its status is")
            .Fails(400, 404),
        new Operation("ListExports", "Exports by name, each in one line")
            .Query("name", "Of one name")
            .Query("limit", "At most so many, 1 to 200; 50 if absent", "integer")
            .Gives<ListAnswer<ExportLine>>()
            .Fails(400),
        new Operation("ShowExport", "The data card: what is in an export, and what was left out").Gives<ExportCard>().Fails(404),
        new Operation("ShowExportData", "The rows of an export").Gives(ExportStore.DataType, "Apache Parquet").Fails(404),
    ];
}
