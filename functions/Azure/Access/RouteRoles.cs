using System.Collections.Frozen;

namespace Serverless.Functions.Azure.Access;

/// <summary>The one table from HTTP functions to the role that each needs.</summary>
internal static class RouteRoles
{
    private static readonly (AccessRoles Role, string[] Functions)[] Table =
    [
        // Those that take no key: what they tell is no secret, and what is posted to them is signed.
        (AccessRoles.None, ["Health", "OpenApi", "AnalysisSchema", "DriftSchema", "Console", "ConsoleFile"]),
        (AccessRoles.None, ["ServerLive", "ServerReady", "ServerMetadata", "ResultAnnounced"]),
        (AccessRoles.Read, ["ListAssets", "ShowAsset", "ShowAnalysis", "IngestSummary", "ListQuarantine", "PreviewRedrive"]),
        (AccessRoles.Read, ["ShowAssetFile", "ShowDownloadAddress", "IngestThroughput", "ListErasures"]),
        (AccessRoles.Read, ["ListModels", "ShowModel", "ListVersions", "ShowVersion", "CompareVersions", "ShowManifest"]),
        (AccessRoles.Read, ["ShowLineage", "ShowAssetLineage", "ShowModelCard", "ShowSystemCard"]),
        (
            AccessRoles.Read,
            ["ListReports", "ShowReport", "ListGolden", "ShowGolden", "ShowGoldenMedia", "ShowAlias", "ShowHistory", "VerifyHistory"]
        ),
        (AccessRoles.Read, ["ShowReanalysis", "ListSources", "ShowSource"]),
        (
            AccessRoles.Read,
            ["ListDrift", "ListDriftReports", "ShowDriftReport", "ShowDriftReference", "ShowDriftCheck", "ShowDriftBackfill"]
        ),
        (AccessRoles.Read, ["ListPromotions", "ShowPromotion", "ShowTrial", "ListExperiments", "ShowExperiment"]),
        (AccessRoles.Read, ["ListSubscriptions", "ListDeliveries", "Metrics", "ShowCost", "ListFeedbackFiles", "ListObjectives"]),
        (AccessRoles.Read, ["ListRuns", "ShowRun", "SummariseRuns", "ShowRunPayload", "ShowRunEvent", "ShowGraph", "WatchChanges"]),
        (AccessRoles.Read, ["ListAlerts", "ShowAlert", "ListMutes", "ShowAlertRules", "ListMails"]),
        (AccessRoles.Read, ["ListRunbooks", "ShowRunbook", "ShowAllRunbooks"]),
        (AccessRoles.Predict, ["Predict", "Feedback", "CreateFeedbackAddress", "SearchByText", "SearchByImage", "FindSimilar"]),
        (AccessRoles.Read, ["ListOrchestrators", "ListActs", "VerifyActs", "ShowAccess", "ListJobs"]),
        // Clients of the protocol ask for tensors and readiness before they infer; a probe also loads the model.
        (AccessRoles.Predict, ["ModelMetadata", "ModelVersionMetadata", "ModelReady", "ModelVersionReady"]),
        (AccessRoles.Predict, ["InferModel", "InferModelVersion", "ModelConfig", "ModelVersionConfig", "RepositoryIndex"]),
        (AccessRoles.Predict, ["AllModelStatistics", "ModelStatistics", "ModelVersionStatistics"]),
        (AccessRoles.Upload, ["UploadAsset", "CreateUploadAddress"]),
        (AccessRoles.Publish, ["CreatePackageAddress", "RegisterModel", "SignVersion", "DeleteVersion", "ValidateVersion"]),
        (AccessRoles.Publish, ["StoreGolden", "StoreGoldenMedia"]),
        // Drafts hold what callers sent, for those to see who say what versions are judged by.
        (AccessRoles.Publish, ["ListGoldenDrafts", "ShowGoldenDraft", "ReviewGoldenItem", "FinishGoldenDraft", "RemoveGoldenDraft"]),
        (AccessRoles.Publish, ["StartPromotion", "CancelPromotion", "StartExperiment", "StopExperiment"]),
        // Its export is not shown to who asks for it.
        (AccessRoles.Publish, ["StartRetraining"]),
        (AccessRoles.Approve, ["DecidePromotion"]),
        (AccessRoles.Operate, ["MoveAlias", "RestoreModel", "RollbackModel", "LoadModel", "UnloadModel"]),
        (AccessRoles.Operate, ["RedriveAsset", "RedriveMany", "Reconcile", "EraseAsset", "BringErasuresBack"]),
        (
            AccessRoles.Operate,
            ["StartRun", "RaiseRunEvent", "SuspendRun", "ResumeRun", "TerminateRun", "RestartRun", "RewindRun", "PurgeRun", "ActOnManyRuns"]
        ),
        (AccessRoles.Operate, ["RequeueJob", "CancelJob", "ActOnJobs"]),
        // A preview names objects of containers that nobody has added.
        (
            AccessRoles.Operate,
            ["PreviewSource", "AddSource", "ChangeSource", "PauseSource", "ResumeSource", "StartSourceSync", "RemoveSource"]
        ),
        // Settings say where everything is.
        (AccessRoles.Operate, ["ShowRelease"]),
        (AccessRoles.Operate, ["StartReanalysis", "CancelReanalysis"]),
        (AccessRoles.Operate, ["StartDriftCheck", "StartDriftBackfill", "CancelDriftBackfill", "PinDriftReference"]),
        // Exports hold what callers sent.
        (
            AccessRoles.Operate,
            ["StartExport", "ListExports", "ShowExport", "ShowExportData", "ShowExportRun", "RemoveExport", "DrawGolden", "DrawGoldenDraft"]
        ),
        (AccessRoles.Operate, ["Subscribe", "RotateSecret", "Unsubscribe", "Redeliver"]),
        (AccessRoles.Operate, ["AcknowledgeAlert", "ResolveAlert", "MuteAlerts", "UnmuteAlerts", "ReplaceAlertRules", "TestAlerts"]),
    ];

    private static readonly FrozenDictionary<string, AccessRoles> ByFunction = Table
        .SelectMany(row => row.Functions.Select(function => KeyValuePair.Create(function, row.Role)))
        .ToFrozenDictionary();

    public static IEnumerable<string> Functions => Table.SelectMany(row => row.Functions);

    /// <summary><see cref="AccessRoles.None"/> for a route that takes no key.</summary>
    public static AccessRoles Of(string function) =>
        ByFunction.TryGetValue(function, out AccessRoles role)
            ? role
            : throw new InvalidOperationException($"Function {function} has no role in {nameof(RouteRoles)}, so that nobody may call it.");
}
