using Microsoft.Azure.Functions.Worker;

namespace Serverless.HostApp;

/// <summary>Functions of the other triggers; each leaves a blob for the test to find.</summary>
public static class EventFunctions
{
    [Function("QueueArrived")]
    [BlobOutput("host-app-results/queue-{queueTrigger}.txt")]
    public static string QueueArrived([QueueTrigger("host-app-queue")] string message) => $"queue: {message}";

    [Function("UploadArrived")]
    [BlobOutput("host-app-results/blob-{name}")]
    public static string UploadArrived(
        [BlobTrigger("host-app-uploads/{name}", Source = BlobTriggerSource.EventGrid)] string content,
        string name
    ) => $"{name}: {content}";

    [Function("EverySecond")]
    [BlobOutput("host-app-results/timer.txt")]
    public static string EverySecond([TimerTrigger("* * * * * *")] TimerInfo timer) => "fired";
}
