"""The camera that pictures are taken with: one is seen, in a process of its own, and thrown away."""

from kiosk.configuration import Pictures
from kiosk.examine.finding import Finding, care, ok
from kiosk.examine.seeing import see
from kiosk.pictures.camera import BUSY, camera_command

PART = "camera"


def pictures(configured: Pictures) -> list[Finding]:
    """Examine the camera, where there is to be one."""
    device = configured.camera
    if not device:
        return []
    done = see(camera_command(device))
    if done == BUSY:
        return [ok(PART, f"拍照的摄像头 {device} 有程序在用。", f"the camera for pictures, {device}, is in use.")]
    if done == 0:
        return [ok(PART, f"拍照的摄像头 {device} 看得见。", f"the camera for pictures, {device}, sees.")]
    return [
        care(
            PART,
            f"拍照的摄像头 {device} 看不见：请检查接线、video 组和配置里的 pictures.camera。没有照片也能提交诉求。",
            f"the camera for pictures, {device}, does not see: look at its cable, the group video, and pictures.camera "
            "in the configuration. Petitions are taken without pictures.",
        )
    ]
